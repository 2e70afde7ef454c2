package dev.caravan.fleet.jms;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.activemq.artemis.jms.client.ActiveMQMessage;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads messages from arbitrary clients and replies to them. */
public final class JmsMessages {

  private static final Logger LOG = LoggerFactory.getLogger(JmsMessages.class);
  private static final String USER = "JMSXUserID";

  /** The id that an AMQP sender chose; as a JMS id it may be another one at each delivery. */
  private static final String AMQP_ID = "NATIVE_MESSAGE_ID";

  private static final long REPLY_TTL_MILLIS = 86_400_000;

  private final ConnectionFactory connections;

  public JmsMessages(ConnectionFactory connections) {
    this.connections = connections;
  }

  /**
   * The content of a text or bytes message; empty for any other type. Bytes beyond {@code limit} +
   * 1 are not read, so that the caller can tell that the message is too large.
   */
  public static Optional<byte[]> bytes(Message message, long limit) throws JMSException {
    if (message instanceof TextMessage text) {
      String content = text.getText();
      return Optional.of((content == null ? "" : content).getBytes(StandardCharsets.UTF_8));
    }
    if (message instanceof BytesMessage body) {
      byte[] bytes = new byte[(int) Math.min(body.getBodyLength(), limit + 1)];
      body.readBytes(bytes);
      return Optional.of(bytes);
    }
    return Optional.empty();
  }

  /**
   * The id for duplicate detection: the property {@code caravan_dedupe_id}, else the message id.
   * Senders choose both, so each user of the broker has a range of their own. A message without
   * either, as AMQP clients send it, goes by the broker's number for it and by its content: after a
   * damaged journal the broker counts from the start again.
   */
  public static String dedupeId(Message message, byte[] content) throws JMSException {
    for (String name : new String[] {"caravan_dedupe_id", "caravan-dedupe-id"}) {
      String value = message.getStringProperty(name);
      if (value != null && !value.isBlank()) {
        return "given:" + range(message) + value;
      }
    }
    String ofAmqp = message.getStringProperty(AMQP_ID);
    String id = ofAmqp == null ? message.getJMSMessageID() : ofAmqp;
    if (id != null && !id.isBlank()) {
      return "message:" + range(message) + id;
    }
    long number = ((ActiveMQMessage) message).getCoreMessage().getMessageID();
    return "broker:" + range(message) + number + ":" + DigestUtils.sha256Hex(content);
  }

  private static String range(Message message) throws JMSException {
    String user = message.getStringProperty(USER);
    return user == null ? "" : user.length() + ":" + user + ":";
  }

  /** The sender: {@code message}, with the user name when the broker authenticates users. */
  public static String sender(Message message) throws JMSException {
    String user = message.getStringProperty(USER);
    return user == null ? "message" : "message user " + user;
  }

  /** Sends a reply if the message requests one; a failure is only logged. */
  public void reply(Message message, String text) {
    try {
      Optional<Destination> to = ReplyTo.of(message);
      if (to.isEmpty()) {
        return;
      }
      try (Connection connection = connections.createConnection();
          Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
          MessageProducer producer = session.createProducer(to.get())) {
        TextMessage reply = session.createTextMessage(text);
        String correlationId = message.getJMSCorrelationID();
        reply.setJMSCorrelationID(
            correlationId == null ? message.getJMSMessageID() : correlationId);
        producer.setTimeToLive(REPLY_TTL_MILLIS);
        producer.send(reply);
      }
    } catch (JMSException e) {
      LOG.warn("Could not send a reply: {}", e.getMessage());
    }
  }

  /** Sends an invalid message to the dead-letter queue. */
  public void sendToDeadLetters(Message message, String cause) throws JMSException {
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
      DeadLetterQueue.send(session, message, cause);
    }
  }
}
