package dev.caravan.observe.events;

import dev.caravan.config.text.Durations;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out events to each receiver in order, and remembers across restarts how far each has got. A
 * receiver that fails is retried with exponential backoff and delays no other. Thread-safe.
 */
public final class Outbox implements Consumer<StoredEvent> {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final String POSITION = ".delivered";
  private static final int MAX_EVENTS = 20;
  private static final Duration INITIAL_BACKOFF = Duration.ofSeconds(1);
  private static final Duration MAX_BACKOFF = Duration.ofMinutes(1);
  private static final int MAX_DOUBLINGS = 6;

  /** The delivery state of one receiver. */
  private static final class Receiver {
    private final Path file;
    private long delivered;
    private long saved;
    private int failures;
    private boolean failedSinceNext;
    private long retryAt;

    private Receiver(Path file) {
      this.file = file;
    }
  }

  private final EventFeed feed;
  private final Journal journal;
  private final DurableFiles files;
  private final LongSupplier nanoTime;
  private final Map<String, Receiver> receivers = new TreeMap<>();

  /**
   * An outbox for these receivers.
   *
   * @param folder holds a file per receiver with the last delivered sequence
   * @param nanoTime the monotonic clock
   */
  public Outbox(
      Path folder,
      DurableFiles files,
      EventFeed feed,
      Journal journal,
      Collection<String> receivers,
      LongSupplier nanoTime)
      throws IOException {
    this.feed = feed;
    this.journal = journal;
    this.files = files;
    this.nanoTime = nanoTime;
    forgetOthers(folder, receivers);
    for (String name : receivers) {
      Receiver receiver = new Receiver(folder.resolve(name + POSITION));
      if (!Files.exists(receiver.file)) {
        startAtEnd(receiver);
      }
      // A higher number means that the journal was deleted.
      receiver.delivered = Math.min(delivered(receiver.file), journal.last());
      receiver.saved = receiver.delivered;
      this.receivers.put(name, receiver);
    }
  }

  /**
   * Forgets receivers that are no longer set. One that is set again later is a new receiver, which
   * does not get what happened in between.
   */
  private void forgetOthers(Path folder, Collection<String> receivers) throws IOException {
    for (Path file : files.list(folder)) {
      String name = file.getFileName().toString();
      if (name.endsWith(POSITION)
          && !receivers.contains(name.substring(0, name.length() - POSITION.length()))) {
        files.delete(file);
      }
    }
  }

  /** A new receiver gets only events from now on. */
  private void startAtEnd(Receiver receiver) throws IOException {
    String position = journal.last() + "\n";
    files.writeWhole(receiver.file, position.getBytes(StandardCharsets.UTF_8));
  }

  /** From the start if the file is damaged: an event may come twice, but none is missed. */
  private static long delivered(Path file) {
    try {
      String text = RegularFiles.text(file).strip();
      if (text.matches("\\d{1,18}")) {
        return Long.parseLong(text);
      }
      LOG.warn("All stored events are delivered again: {} contains no number", file);
    } catch (IOException e) {
      LOG.warn("All stored events are delivered again: {}", e.toString());
    }
    return 0;
  }

  /** The next events for this receiver, in order; none while it backs off after a failure. */
  public List<StoredEvent> next(String name) throws IOException {
    Receiver receiver = receiver(name);
    save(receiver);
    synchronized (receiver) {
      if (receiver.failures > 0 && receiver.retryAt - nanoTime.getAsLong() > 0) {
        return List.of();
      }
      receiver.failedSinceNext = false;
    }
    return feed.after(receiver.delivered, MAX_EVENTS);
  }

  /**
   * Confirms a delivery. It is ignored when an earlier event of the same {@link #next} call failed,
   * since both are then handed out again.
   */
  public void delivered(String name, StoredEvent event) {
    Receiver receiver = receiver(name);
    synchronized (receiver) {
      if (receiver.failedSinceNext) {
        return;
      }
      if (receiver.failures > 0) {
        LOG.info("Event delivery to {} works again", name);
      }
      receiver.failures = 0;
      receiver.delivered = Math.max(receiver.delivered, event.sequence());
    }
  }

  /** Records a failed delivery: this event and all later ones are retried after a backoff. */
  public void failed(String name, String message) {
    Receiver receiver = receiver(name);
    synchronized (receiver) {
      Duration backoff =
          INITIAL_BACKOFF.multipliedBy(1L << Math.min(receiver.failures, MAX_DOUBLINGS));
      backoff = backoff.compareTo(MAX_BACKOFF) > 0 ? MAX_BACKOFF : backoff;
      receiver.failedSinceNext = true;
      receiver.retryAt = nanoTime.getAsLong() + backoff.toNanos();
      if (receiver.failures++ == 0) {
        LOG.warn(
            "Cannot deliver events to {}; retrying in {}, then less often: {}",
            name,
            Durations.format(backoff),
            message);
      }
    }
  }

  /** Without receivers: prunes the journal when a batch finishes. */
  @Override
  public void accept(StoredEvent event) {
    if (event.is(EventType.BATCH_FINISHED)) {
      try {
        journal.prune(event.sequence(), feed.openBatches());
      } catch (IOException e) {
        LOG.warn("Cannot remove old events: {}", e.toString());
      }
    }
  }

  /** Saves the delivery positions, so that a restart resumes there. */
  public void flush() throws IOException {
    for (Receiver receiver : receivers.values()) {
      save(receiver);
    }
  }

  private void save(Receiver receiver) throws IOException {
    synchronized (receiver) {
      if (receiver.delivered == receiver.saved && Files.exists(receiver.file)) {
        return;
      }
      journal.ensureFolder();
      files.writeWhole(receiver.file, (receiver.delivered + "\n").getBytes(StandardCharsets.UTF_8));
      receiver.saved = receiver.delivered;
    }
    long deliveredToAll = receivers.values().stream().mapToLong(r -> r.saved).min().orElse(0);
    journal.prune(deliveredToAll, feed.openBatches());
  }

  private Receiver receiver(String name) {
    Receiver receiver = receivers.get(name);
    if (receiver == null) {
      throw new IllegalArgumentException("unknown receiver of events: " + name);
    }
    return receiver;
  }
}
