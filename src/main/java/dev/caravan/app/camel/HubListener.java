package dev.caravan.app.camel;

import dev.caravan.fleet.hub.HubFleetView;
import dev.caravan.fleet.hub.HubService;
import dev.caravan.fleet.hub.ReceivedResult;
import dev.caravan.fleet.hub.WorkerMonitor;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.jms.JmsMessages;
import dev.caravan.fleet.jms.ReplyTo;
import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the messages that come to a hub. What is none of ours is kept as a dead letter. */
public final class HubListener {

  private static final Logger LOG = LoggerFactory.getLogger(HubListener.class);

  private final HubService desk;
  private final WorkerMonitor watch;
  private final HubFleetView view;
  private final Path incoming;
  private final JmsMessages letters;
  private final ArchiveTransfer post;

  public HubListener(
      HubService desk,
      WorkerMonitor watch,
      HubFleetView view,
      Home home,
      DurableFiles files,
      JmsMessages letters,
      ArchiveTransfer post)
      throws IOException {
    this.desk = desk;
    this.view = view;
    this.watch = watch;
    this.letters = letters;
    this.post = post;
    this.incoming = home.state().resolve("incoming");
    files.delete(incoming);
    files.createDirectories(incoming);
  }

  /** Takes what became of a run into the tree; null when the message says nothing of one. */
  public ReceivedResult outcome(Message message) throws IOException, JMSException {
    count(message);
    Path parcel = incoming.resolve(UUID.randomUUID() + ".zip");
    try {
      ArchiveTransfer.save(message, parcel);
      return desk.deliver(parcel);
    } catch (IllegalArgumentException e) {
      if (Files.exists(parcel)) {
        warn(message, e.getMessage());
        post.dead(parcel, message, e.getMessage());
      } else {
        dead(message, e.getMessage());
      }
      return null;
    } finally {
      Files.deleteIfExists(parcel);
    }
  }

  /** A worker's sign of life. */
  public void heartbeat(Message message) throws JMSException {
    count(message);
    try {
      watch.heard(text(message));
    } catch (IllegalArgumentException e) {
      dead(message, e.getMessage());
    }
  }

  /** A worker asks for an input file. */
  public void fileRequest(Message message) throws IOException, JMSException {
    count(message);
    try {
      Optional<Path> file = desk.inputFile(FileRequest.of(text(message)));
      if (file.isPresent() && ReplyTo.to(message).isPresent()) {
        post.answer(message, file.get());
      } else {
        letters.answer(message, "no run that is under way has such an input file");
      }
    } catch (IllegalArgumentException e) {
      dead(message, e.getMessage());
    }
  }

  /** A hub's sign of life. */
  public void hubHeartbeat(Message message) throws JMSException {
    try {
      watch.heardHub(text(message));
    } catch (IllegalArgumentException e) {
      LOG.warn("A message in {} is none: {}", Destinations.HUB, e.getMessage());
    }
  }

  private void count(Message message) throws JMSException {
    if (message.getJMSRedelivered()) {
      view.redelivery();
    }
  }

  static String text(Message message) throws JMSException {
    if (message instanceof TextMessage text && text.getText() != null) {
      return text.getText();
    }
    throw new IllegalArgumentException("is no text message");
  }

  private void dead(Message message, String cause) throws JMSException {
    warn(message, cause);
    letters.dead(message, cause);
  }

  private static void warn(Message message, String cause) throws JMSException {
    LOG.warn("A message in {} is none of ours: {}", message.getJMSDestination(), cause);
  }
}
