package dev.caravan.app.camel;

import dev.caravan.fleet.hub.Arrival;
import dev.caravan.fleet.hub.HubDesk;
import dev.caravan.fleet.hub.HubView;
import dev.caravan.fleet.hub.HubWatch;
import dev.caravan.fleet.jms.Answers;
import dev.caravan.fleet.jms.Letters;
import dev.caravan.fleet.jms.ParcelPost;
import dev.caravan.fleet.jms.Places;
import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.storage.Home;
import dev.caravan.storage.Tree;
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
public final class HubMail {

  private static final Logger LOG = LoggerFactory.getLogger(HubMail.class);

  private final HubDesk desk;
  private final HubWatch watch;
  private final HubView view;
  private final Path incoming;
  private final Letters letters;
  private final ParcelPost post;

  public HubMail(
      HubDesk desk,
      HubWatch watch,
      HubView view,
      Home home,
      Tree tree,
      Letters letters,
      ParcelPost post)
      throws IOException {
    this.desk = desk;
    this.view = view;
    this.watch = watch;
    this.letters = letters;
    this.post = post;
    this.incoming = home.state().resolve("incoming");
    tree.delete(incoming);
    tree.createDirectories(incoming);
  }

  /** Takes what became of a run into the tree; null when the message says nothing of one. */
  public Arrival outcome(Message message) throws IOException, JMSException {
    count(message);
    Path parcel = incoming.resolve(UUID.randomUUID() + ".zip");
    try {
      ParcelPost.save(message, parcel);
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
  public void file(Message message) throws IOException, JMSException {
    count(message);
    try {
      Optional<Path> file = desk.inputFile(FileRequest.of(text(message)));
      if (file.isPresent() && Answers.to(message).isPresent()) {
        post.answer(message, file.get());
      } else {
        letters.answer(message, "no run that is under way has such an input file");
      }
    } catch (IllegalArgumentException e) {
      dead(message, e.getMessage());
    }
  }

  /** A hub's sign of life. */
  public void hub(Message message) throws JMSException {
    try {
      watch.heardHub(text(message));
    } catch (IllegalArgumentException e) {
      LOG.warn("A message in {} is none: {}", Places.HUB, e.getMessage());
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
