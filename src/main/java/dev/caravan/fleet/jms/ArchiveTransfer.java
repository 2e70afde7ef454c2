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
import java.util.Optional;

/**
 * Sends and receives files of any size as messages. Artemis streams large messages in packets, so a
 * file is never held in memory as a whole.
 */
public final class ArchiveTransfer {

  private static final String INPUT_STREAM = "JMS_AMQ_InputStream";
  private static final String OUTPUT_STREAM = "JMS_AMQ_SaveStream";
  private static final int MAX_UNSTREAMED_BYTES = 100 << 10;

  private final ConnectionFactory connections;

  public ArchiveTransfer(ConnectionFactory connections) {
    this.connections = connections;
  }

  /**
   * Sends a file to a queue; the broker has stored it on disk when this returns.
   *
   * @throws IOException when the file cannot be read: it is no failure of the broker
   */
  public void send(Path file, String queue) throws IOException, JMSException {
    send(file, session -> session.createQueue(queue), DeliveryMode.PERSISTENT, Map.of());
  }

  /** Sends a file as the reply to a request. */
  public void reply(Message request, Path file) throws IOException, JMSException {
    send(file, session -> ReplyTo.of(request).orElseThrow(), DeliveryMode.NON_PERSISTENT, Map.of());
  }

  /** Sends a message, whose content was saved to this file, to the dead-letter queue. */
  public void sendToDeadLetters(Path file, Message message, String cause)
      throws IOException, JMSException {
    send(
        file,
        session -> session.createQueue(Destinations.DEAD_LETTERS),
        DeliveryMode.PERSISTENT,
        DeadLetterQueue.properties(message, cause));
  }

  /** Where a message goes. */
  interface DestinationFactory {
    /** Creates it for a session. */
    Destination create(Session session) throws JMSException;
  }

  private void send(
      Path file, DestinationFactory destination, int mode, Map<String, Object> properties)
      throws IOException, JMSException {
    try (InputStream in = Files.newInputStream(file)) {
      send(in, Files.size(file), destination, mode, properties);
    }
  }

  /** Sends content of this size. */
  void send(
      InputStream content,
      long size,
      DestinationFactory destination,
      int mode,
      Map<String, Object> properties)
      throws IOException, JMSException {
    ReadFile in = new ReadFile(content);
    try (Connection connection = connection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(destination.create(session))) {
      BytesMessage message = session.createBytesMessage();
      DeadLetterQueue.setProperties(properties, message);
      if (size <= MAX_UNSTREAMED_BYTES) {
        message.writeBytes(in.readAllBytes());
      } else {
        message.setObjectProperty(INPUT_STREAM, new BufferedInputStream(in));
      }
      producer.setDeliveryMode(mode);
      producer.send(message);
    } catch (JMSException e) {
      if (in.failure().isPresent()) {
        throw in.failure().get();
      }
      throw e;
    }
  }

  /** A pool that is closed has none. */
  private Connection connection() throws JMSException {
    return Optional.ofNullable(connections.createConnection())
        .orElseThrow(() -> new JMSException("the connections to the broker are closed"));
  }

  /**
   * Saves the content of a message to a file.
   *
   * @throws IllegalArgumentException when it is not a bytes message
   */
  public static void save(Message message, Path file) throws IOException {
    if (!(message instanceof BytesMessage)) {
      throw new IllegalArgumentException("not a bytes message");
    }
    WrittenFile written = new WrittenFile(file);
    try (OutputStream out = new BufferedOutputStream(written)) {
      message.setObjectProperty(OUTPUT_STREAM, out);
    } catch (JMSException e) {
      throw written
          .failure() // it is no failure of the broker
          .orElseGet(() -> new IOException("could not receive a file: " + BrokerWait.reason(e), e));
    }
  }
}
