package dev.caravan.observe.events;

import dev.caravan.storage.RepeatedTrouble;
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
 * All events of a home, numbered in one sequence. {@link #add} only queues an event, so that
 * callers never wait for the disk; a separate thread writes queued events to the log, in batches,
 * and then notifies the listeners. Events that a kill loses in between are rebuilt from the results
 * tree at the next start. Thread-safe.
 */
public final class EventFeed implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
  private static final String LOGGED = "event log";
  private static final int IN_MEMORY = 2000;
  private static final long RETRY_MS = 1000;
  private static final long CLOSE_TIMEOUT_MS = 5000;

  private record Queued(long sequence, Event event) {}

  private final EventLog log;
  private final List<Consumer<StoredEvent>> listeners = new CopyOnWriteArrayList<>();
  private final TreeMap<Long, StoredEvent> latest = new TreeMap<>();
  private final Map<String, Long> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
          return size() > IN_MEMORY;
        }
      };
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);
  private final List<Queued> pending = new ArrayList<>();
  private final Set<String> openBatches = ConcurrentHashMap.newKeySet();
  private final Thread writer = new Thread(this::writeLoop, "events");
  private long last;
  private long notified;
  private long stored;
  private long failures;
  private boolean closed;

  /** A feed that appends to this log. */
  public EventFeed(EventLog log) {
    this.log = log;
    this.last = log.last();
    this.notified = last;
    this.stored = last;
    writer.setDaemon(true);
    writer.start();
  }

  /**
   * Calls the listener for each event from now on, in order, on one thread; it must not block.
   * Closing the result ends the subscription.
   */
  public AutoCloseable subscribe(Consumer<StoredEvent> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Sequence of the newest event. */
  public synchronized long last() {
    return last;
  }

  /** Up to {@code max} stored events after this sequence, in order; 0 is before the first one. */
  public List<StoredEvent> after(long sequence, int max) throws IOException {
    synchronized (this) {
      boolean inMemory = !latest.isEmpty() && latest.firstKey() <= sequence + 1;
      if (inMemory || sequence >= stored || !log.isDurable()) {
        return latest.tailMap(sequence, false).values().stream().limit(max).toList();
      }
    }
    return log.after(sequence, max);
  }

  /** Queues an event, unless its key was added recently; returns its sequence. */
  synchronized long add(Event event) {
    Long before = known.get(event.key());
    if (before != null || closed) {
      return before == null ? Long.MAX_VALUE : before;
    }
    known.put(event.key(), ++last);
    pending.add(new Queued(last, event));
    if (event.type() == EventType.BATCH_FINISHED) {
      openBatches.remove(event.batch());
    } else if (!event.batch().isEmpty() && event.type().keepsBatchOpen()) {
      openBatches.add(event.batch());
    }
    notifyAll();
    return last;
  }

  /**
   * Adds an event and waits until it is on disk.
   *
   * @throws IOException when the write fails; the feed keeps trying
   */
  synchronized void addAndWait(Event event) throws IOException {
    long sequence = add(event);
    long failuresBefore = failures;
    try {
      while (stored < sequence && failures == failuresBefore && !closed && writer.isAlive()) {
        wait(RETRY_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (stored < sequence) {
      throw new IOException("cannot store event " + event.id());
    }
  }

  /** Registers the events of an earlier process, oldest first, so that none is added twice. */
  synchronized void addKnown(Map<String, Long> sequenceByKey) {
    known.putAll(sequenceByKey);
  }

  /** Notes that this batch is not finished. */
  void markOpen(String batchId) {
    openBatches.add(batchId);
  }

  /** Batches that are not finished. */
  Set<String> openBatches() {
    return openBatches;
  }

  private void writeLoop() {
    boolean running = true;
    while (running) {
      List<Queued> next = awaitEvents();
      List<StoredEvent> events = next.stream().flatMap(queued -> encode(queued).stream()).toList();
      boolean written = write(events);
      commit(next, events, written);
      notifyListeners(events);
      running = continues(written);
    }
  }

  /** Empty for an event that cannot be encoded, so that it does not hold up the others. */
  private static Optional<StoredEvent> encode(Queued queued) {
    try {
      return Optional.of(CloudEventJson.write(queued.sequence(), queued.event()));
    } catch (RuntimeException e) {
      LOG.error("Cannot encode event {}", queued.event().id(), e);
      return Optional.empty();
    }
  }

  private synchronized List<Queued> awaitEvents() {
    while (pending.isEmpty() && !closed) {
      pause(0);
    }
    return List.copyOf(pending);
  }

  private boolean write(List<StoredEvent> events) {
    try {
      if (!events.isEmpty()) {
        log.append(events);
        troubles.over(LOGGED);
      }
      return true;
    } catch (IOException e) {
      if (troubles.add(LOGGED, e.toString())) {
        LOG.error("Cannot store events; retrying: {}", e.toString());
      }
      return false;
    }
  }

  private void notifyListeners(List<StoredEvent> events) {
    for (StoredEvent event : events) {
      if (event.sequence() > notified) {
        notified = event.sequence();
        listeners.forEach(listener -> notify(listener, event));
      }
    }
  }

  private static void notify(Consumer<StoredEvent> listener, StoredEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      LOG.error("A listener failed on event {}", event.id(), e);
    }
  }

  /** Runs before the listeners, so that a client that subscribes now finds the events stored. */
  private synchronized void commit(List<Queued> next, List<StoredEvent> events, boolean written) {
    if (written) {
      pending.subList(0, next.size()).clear();
      stored = next.isEmpty() ? stored : next.get(next.size() - 1).sequence();
      events.forEach(event -> latest.put(event.sequence(), event));
      while (latest.size() > IN_MEMORY) {
        latest.pollFirstEntry();
      }
    } else {
      failures++;
    }
    notifyAll();
  }

  /** Whether the loop continues; waits a moment after a failed write. */
  private synchronized boolean continues(boolean written) {
    if (!written && !closed) {
      pause(RETRY_MS);
    }
    return !closed || written && !pending.isEmpty();
  }

  private void pause(long millis) {
    try {
      wait(millis);
    } catch (InterruptedException e) {
      closed = true;
    }
  }

  /** Writes what is pending and accepts no more. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      writer.join(CLOSE_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
