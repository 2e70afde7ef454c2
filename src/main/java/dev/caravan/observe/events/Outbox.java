package dev.caravan.observe.events;

import dev.caravan.config.text.Durations;
import dev.caravan.storage.DurableFiles;
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
 * Hands the events out to each of those they are delivered to, in order, from where it had come to
 * in an earlier life. One that fails is asked again after a pause that grows, and holds up only
 * itself. Threadsafe.
 */
public final class Outbox implements Consumer<StoredEvent> {

  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
  private static final int AT_ONCE = 20;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int MOST_DOUBLINGS = 6;

  /** One that events are delivered to. */
  private static final class Receiver {
    private final Path file;
    private long delivered;
    private long written;
    private int failures;
    private boolean passedOver;
    private long notBefore;

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
   * @param folder keeps how far each has come
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
    for (String name : receivers) {
      Receiver receiver = new Receiver(folder.resolve(name + ".delivered"));
      if (!Files.exists(receiver.file)) {
        begin(receiver);
      }
      // More than there is has nobody got: somebody has removed the events.
      receiver.delivered = Math.min(read(receiver.file), journal.last());
      receiver.written = receiver.delivered;
      this.receivers.put(name, receiver);
    }
  }

  /** One that is new gets what happens from now on, and not what was kept before. */
  private void begin(Receiver receiver) throws IOException {
    String place = journal.last() + "\n";
    files.writeWhole(receiver.file, place.getBytes(StandardCharsets.UTF_8));
  }

  private static long read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    String text = Files.readString(file).strip();
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /** The next events to deliver there, in order; none while it is left alone after a failure. */
  public List<StoredEvent> next(String receiver) throws IOException {
    Receiver to = of(receiver);
    keep(to);
    synchronized (to) {
      if (to.failures > 0 && to.notBefore - nanoTime.getAsLong() > 0) {
        return List.of();
      }
      to.passedOver = false;
    }
    return feed.after(to.delivered, AT_ONCE);
  }

  /**
   * An event has arrived there. It does not count when one before it has failed since they were
   * handed out: then both are handed out again.
   */
  public void delivered(String receiver, StoredEvent event) {
    Receiver to = of(receiver);
    synchronized (to) {
      if (to.passedOver) {
        return;
      }
      if (to.failures > 0) {
        LOG.info("Events are delivered again to {}", receiver);
      }
      to.failures = 0;
      to.delivered = Math.max(to.delivered, event.sequence());
    }
  }

  /** An event could not be delivered there: it is tried again later, and so are all after it. */
  public void failed(String receiver, String message) {
    Receiver to = of(receiver);
    synchronized (to) {
      Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(to.failures, MOST_DOUBLINGS));
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      to.passedOver = true;
      to.notBefore = nanoTime.getAsLong() + pause.toNanos();
      if (to.failures++ == 0) {
        LOG.warn(
            "Events cannot be delivered to {} and are tried again from {} on, in growing pauses: {}",
            receiver,
            Durations.format(pause),
            message);
      }
    }
  }

  /** Without receivers: forgets old events when a batch has ended. */
  @Override
  public void accept(StoredEvent event) {
    if (event.is(EventType.BATCH_FINISHED)) {
      try {
        journal.prune(event.sequence(), feed.openBatches());
      } catch (IOException e) {
        LOG.warn("Old events stay: {}", e.toString());
      }
    }
  }

  /** Notes how far each has come, so that the next life goes on from there. */
  public void keep() throws IOException {
    for (Receiver receiver : receivers.values()) {
      keep(receiver);
    }
  }

  private void keep(Receiver to) throws IOException {
    synchronized (to) {
      if (to.delivered == to.written) {
        return;
      }
      files.writeWhole(to.file, (to.delivered + "\n").getBytes(StandardCharsets.UTF_8));
      to.written = to.delivered;
    }
    long all = receivers.values().stream().mapToLong(r -> r.written).min().orElse(0);
    journal.prune(all, feed.openBatches());
  }

  private Receiver of(String name) {
    Receiver receiver = receivers.get(name);
    if (receiver == null) {
      throw new IllegalArgumentException("events are not delivered to " + name);
    }
    return receiver;
  }
}
