package dev.caravan.fleet.jms;

import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Fetches input files from the hub for a worker, as streamed messages. */
public final class InputFileTransfer {

  private final ConnectionFactory connections;
  private final DurableFiles files;
  private final Duration timeout;

  /** Creates a transfer that waits at most {@code timeout} for a reply from the hub. */
  public InputFileTransfer(ConnectionFactory connections, DurableFiles files, Duration timeout) {
    this.connections = connections;
    this.files = files;
    this.timeout = timeout;
  }

  /**
   * Fetches a file, which appears atomically.
   *
   * @throws IOException when the hub does not send it
   */
  public void fetch(FileRequest request, Path to) throws IOException {
    files.createDirectories(to.getParent());
    Path temporary =
        to.resolveSibling("." + to.getFileName() + "." + request.deliveryId() + ".tmp");
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
      connection.start();
      Queue replyQueue = session.createTemporaryQueue();
      Message requestMessage = session.createTextMessage(Json.text(request));
      requestMessage.setJMSReplyTo(replyQueue);
      try (MessageConsumer consumer = session.createConsumer(replyQueue)) {
        session.createProducer(session.createQueue(Destinations.FILES)).send(requestMessage);
        Message reply = consumer.receive(timeout.toMillis());
        if (!(reply instanceof BytesMessage)) {
          throw new IOException("the hub did not send the input file " + to.getFileName());
        }
        ArchiveTransfer.save(reply, temporary);
        files.sync(temporary);
        files.move(temporary, to);
      }
    } catch (JMSException e) {
      throw new IOException("could not fetch the input file: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
