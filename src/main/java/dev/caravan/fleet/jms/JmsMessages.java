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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads messages of clients that we do not know, and answers them. */
public final class JmsMessages {

  private static final Logger LOG = LoggerFactory.getLogger(JmsMessages.class);
  private static final long ANSWER_LIVES_MILLIS = 86_400_000;

  private final ConnectionFactory connections;

  public JmsMessages(ConnectionFactory connections) {
    this.connections = connections;
  }

  /** What the message holds, cut after one byte too many; empty when it is of another type. */
  public static Optional<byte[]> bytes(Message message, long most) throws JMSException {
    if (message instanceof TextMessage text) {
      String given = text.getText();
      return Optional.of((given == null ? "" : given).getBytes(StandardCharsets.UTF_8));
    }
    if (message instanceof BytesMessage given) {
      byte[] bytes = new byte[(int) Math.min(given.getBodyLength(), most + 1)];
      given.readBytes(bytes);
      return Optional.of(bytes);
    }
    return Optional.empty();
  }

  /** What its sender calls it: its property {@code caravan_dedupe_id}, else its message id. */
  public static String id(Message message) throws JMSException {
    for (String name : new String[] {"caravan_dedupe_id", "caravan-dedupe-id"}) {
      String given = message.getStringProperty(name);
      if (given != null && !given.isBlank()) {
        return "given:" + given;
      }
    }
    return "message:" + message.getJMSMessageID();
  }

  /** Who sent it, as its broker tells; the name is empty where the broker asks for none. */
  public static String sender(Message message) throws JMSException {
    String user = message.getStringProperty("JMSXUserID");
    return user == null ? "message" : "message user " + user;
  }

  /** Sends an answer, if one is wanted; a failure of that is not the message's. */
  public void answer(Message message, String text) {
    try {
      Optional<Destination> to = ReplyTo.to(message);
      if (to.isEmpty()) {
        return;
      }
      try (Connection connection = connections.createConnection();
          Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
          MessageProducer producer = session.createProducer(to.get())) {
        TextMessage answer = session.createTextMessage(text);
        String about = message.getJMSCorrelationID();
        answer.setJMSCorrelationID(about == null ? message.getJMSMessageID() : about);
        producer.setTimeToLive(ANSWER_LIVES_MILLIS);
        producer.send(answer);
      }
    } catch (JMSException e) {
      LOG.warn("The sender of a config could not be answered: {}", e.getMessage());
    }
  }

  /** Keeps a message that is none of ours. */
  public void dead(Message message, String cause) throws JMSException {
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
      DeadLetterQueue.keep(session, message, cause);
    }
  }
}
