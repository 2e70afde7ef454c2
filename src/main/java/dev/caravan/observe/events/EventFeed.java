package dev.caravan.observe.events;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All events of a home in one order. They are taken at once and kept, and told to those who listen,
 * by a thread of its own, many at a time when they come fast: who reports a change waits for no
 * disk. What a kill loses between the two is derived from the results tree at the next start.
 * Threadsafe.
 */
public final class EventFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
  private static final int KEPT = 2000;
  private static final long PAUSE_MS = 1000;
  private static final long LONGEST_END_MS = 5000;

  private record Placed(long place, Event event) {}

  private final EventLog log;
  private final List<Consumer<StoredEvent>> listeners = new CopyOnWriteArrayList<>();
  private final TreeMap<Long, StoredEvent> latest = new TreeMap<>();
  private final Map<String, Long> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > KEPT;
        }
      };
  private final List<Placed> waiting = new ArrayList<>();
  private final Set<String> openBatches = ConcurrentHashMap.newKeySet();
  private final Thread writer = new Thread(this::work, "events");
  private long last;
  private long told;
  private long kept;
  private long failures;
  private boolean closed;

  /** A feed whose events are kept in this log, and come after those in it. */
  public EventFeed(EventLog log) {
    this.log = log;
    this.last = log.last();
    this.told = last;
    this.kept = last;
    writer.setDaemon(true);
    writer.start();
  }

  /** From now on the listener gets each event, in order, by one thread; it must not block it. */
  public AutoCloseable subscribe(Consumer<StoredEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Place of the newest event. */
  public synchronized long last() {
    return last;
  }

  /** At most {@code most} kept events after this place, in order; 0 is before the first one. */
  public List<StoredEvent> after(long sequence, int most) throws IOException {
    synchronized (this) {
      boolean all = !latest.isEmpty() && latest.firstKey() <= sequence + 1;
      if (all || sequence >= kept || !log.isDurable()) {
        return latest.tailMap(sequence, false).values().stream().limit(most).toList();
      }
    }
    return log.after(sequence, most);
  }

  /** Takes an event in, unless it was told lately; its place. */
  synchronized long add(Event event) {
    Long before = known.get(event.key());
    if (before != null || closed) {
      return before == null ? Long.MAX_VALUE : before;
    }
    known.put(event.key(), ++last);
    waiting.add(new Placed(last, event));
    if (event.kind() == EventType.BATCH_FINISHED) {
      openBatches.remove(event.batch());
    } else if (!event.batch().isEmpty()) {
      openBatches.add(event.batch());
    }
    notifyAll();
    return last;
  }

  /**
   * Takes an event in and waits until it is on the disk.
   *
   * @throws IOException when it cannot be written now; it is tried again all the same
   */
  synchronized void addNow(Event event) throws IOException {
    long place = add(event);
    long before = failures;
    try {
      while (kept < place && failures == before && !closed && writer.isAlive()) {
        wait(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (kept < place) {
      throw new IOException("an event cannot be kept now: " + event.id());
    }
  }

  /** These were told in an earlier life, in this order. */
  synchronized void knows(Map<String, Long> placeByKey) {
    known.putAll(placeByKey);
  }

  /** More is to come of this batch. */
  void isOpen(String batchId) {
    openBatches.add(batchId);
  }

  /** Batches of which more is to come. */
  Set<String> openBatches() {
    return openBatches;
  }

  private void work() {
    boolean goesOn = true;
    while (goesOn) {
      List<Placed> next = awaitWork();
      List<StoredEvent> now = next.stream().flatMap(placed -> worded(placed).stream()).toList();
      boolean written = write(now);
      commit(next, now, written);
      tell(now);
      goesOn = goesOn(written);
    }
  }

  /** An event that cannot be worded costs the others nothing. */
  private static Optional<StoredEvent> worded(Placed placed) {
    try {
      return Optional.of(CloudEventJson.recorded(placed.place(), placed.event()));
    } catch (RuntimeException e) {
      LOG.error("An event cannot be worded: {}", placed.event().id(), e);
      return Optional.empty();
    }
  }

  private synchronized List<Placed> awaitWork() {
    while (waiting.isEmpty() && !closed) {
      pause(0);
    }
    return List.copyOf(waiting);
  }

  private boolean write(List<StoredEvent> now) {
    try {
      if (!now.isEmpty()) {
        log.append(now);
      }
      return true;
    } catch (IOException e) {
      LOG.error("Events cannot be kept now and are tried again: {}", e.toString());
      return false;
    }
  }

  private void tell(List<StoredEvent> now) {
    for (StoredEvent recorded : now) {
      if (recorded.sequence() > told) {
        told = recorded.sequence();
        listeners.forEach(listener -> tell(listener, recorded));
      }
    }
  }

  private static void tell(Consumer<StoredEvent> listener, StoredEvent recorded) {
    try {
      listener.accept(recorded);
    } catch (RuntimeException e) {
      LOG.error("A listener failed over {}", recorded.id(), e);
    }
  }

  /** Before anybody is told, so that who begins to listen now finds it among what was kept. */
  private synchronized void commit(List<Placed> next, List<StoredEvent> now, boolean written) {
    if (written) {
      waiting.subList(0, next.size()).clear();
      kept = next.isEmpty() ? kept : next.get(next.size() - 1).place();
      now.forEach(recorded -> latest.put(recorded.sequence(), recorded));
      while (latest.size() > KEPT) {
        latest.pollFirstEntry();
      }
    } else {
      failures++;
    }
    notifyAll();
  }

  /** Whether to go on after what was written, or was not. */
  private synchronized boolean goesOn(boolean written) {
    if (!written && !closed) {
      pause(PAUSE_MS);
    }
    return !closed || written && !waiting.isEmpty();
  }

  private void pause(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Keeps what is waiting and takes no more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      writer.join(LONGEST_END_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
