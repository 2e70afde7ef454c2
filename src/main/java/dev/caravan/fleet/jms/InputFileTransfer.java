package dev.caravan.fleet.jms;

import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.storage.DurableFiles;
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

/** Fetches input files that a worker lacks from its hub, as streams. */
public final class InputFileTransfer {

  private final ConnectionFactory connections;
  private final DurableFiles files;
  private final Duration patience;

  /** Waits so long for the hub to answer. */
  public InputFileTransfer(ConnectionFactory connections, DurableFiles files, Duration patience) {
    this.connections = connections;
    this.files = files;
    this.patience = patience;
  }

  /**
   * Fetches a file; it appears whole.
   *
   * @throws IOException when the hub does not give it
   */
  public void fetch(FileRequest request, Path to) throws IOException {
    files.createDirectories(to.getParent());
    Path beside = to.resolveSibling("." + to.getFileName() + "." + request.deliveryId() + ".tmp");
    try (Connection connection = connections.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE)) {
      connection.start();
      Queue answers = session.createTemporaryQueue();
      Message asked = session.createTextMessage(request.json());
      asked.setJMSReplyTo(answers);
      try (MessageConsumer consumer = session.createConsumer(answers)) {
        session.createProducer(session.createQueue(Destinations.FILES)).send(asked);
        Message answer = consumer.receive(patience.toMillis());
        if (!(answer instanceof BytesMessage)) {
          throw new IOException("the hub did not send the input file " + to.getFileName());
        }
        ArchiveTransfer.save(answer, beside);
        files.sync(beside);
        files.move(beside, to);
      }
    } catch (JMSException e) {
      throw new IOException("the input file could not be fetched: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(beside);
    }
  }
}
