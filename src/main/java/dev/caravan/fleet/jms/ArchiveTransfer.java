package dev.caravan.fleet.jms;

import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.DeliveryMode;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageProducer;
import jakarta.jms.Session;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Sends and receives files of any size: Artemis streams a large message in packets, so that none is
 * ever whole in memory.
 */
public final class ArchiveTransfer {

  private static final String FROM_STREAM = "JMS_AMQ_InputStream";
  private static final String TO_STREAM = "JMS_AMQ_SaveStream";
  private static final int SMALL = 100 << 10;

  private final ConnectionFactory connections;

  public ArchiveTransfer(ConnectionFactory connections) {
    this.connections = connections;
  }

  /** Sends a file to a queue; the broker has it on its disk when this returns. */
  public void send(Path file, String queue) throws IOException {
    send(file, session -> session.createQueue(queue), DeliveryMode.PERSISTENT, Map.of());
  }

  /** Sends a file to whoever asked for it. */
  public void answer(Message request, Path file) throws IOException {
    send(file, session -> ReplyTo.to(request).orElseThrow(), DeliveryMode.NON_PERSISTENT, Map.of());
  }

  /** Keeps what a message held, which was read into this file, as a dead letter. */
  public void dead(Path file, Message message, String cause) throws IOException, JMSException {
    send(
        file,
        session -> session.createQueue(Destinations.DEAD_LETTERS),
        DeliveryMode.PERSISTENT,
        DeadLetterQueue.label(message, cause));
  }

  private interface Whereto {
    Destination in(Session session) throws JMSException;
  }

  private void send(Path file, Whereto whereto, int mode, Map<String, Object> properties)
      throws IOException {
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(whereto.in(session));
        InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      BytesMessage message = session.createBytesMessage();
      DeadLetterQueue.put(properties, message);
      if (Files.size(file) <= SMALL) {
        message.writeBytes(in.readAllBytes());
      } else {
        message.setObjectProperty(FROM_STREAM, in);
      }
      producer.setDeliveryMode(mode);
      producer.send(message);
    } catch (JMSException e) {
      throw new IOException("a file could not be sent: " + e.getMessage(), e);
    }
  }

  /**
   * Writes what a message holds into a file.
   *
   * @throws IllegalArgumentException when it is no message with bytes
   */
  public static void save(Message message, Path file) throws IOException {
    if (!(message instanceof BytesMessage)) {
      throw new IllegalArgumentException("is no message with bytes");
    }
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      message.setObjectProperty(TO_STREAM, out);
    } catch (JMSException e) {
      throw new IOException("a file could not be received: " + e.getMessage(), e);
    }
  }
}
