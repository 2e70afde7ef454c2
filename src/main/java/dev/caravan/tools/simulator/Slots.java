package dev.caravan.tools.simulator;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Limits the number of concurrent requests and queues the others, first in, first out. Used only on
 * the event loop; the two counts may be read from any thread.
 */
final class Slots {

  private final int capacity;
  private final int others;
  private final Set<Runnable> queue = new LinkedHashSet<>();
  private volatile int running;
  private volatile int waiting;

  Slots(int capacity) {
    this(capacity, 0);
  }

  /** With requests of other clients, which are always running and need no slot. */
  Slots(int capacity, int others) {
    this.capacity = capacity;
    this.others = others;
  }

  /** Runs {@code onSlot} once it has a slot: now, or after those queued before it. */
  void acquire(Runnable onSlot) {
    if (running < capacity) {
      running = running + 1;
      onSlot.run();
    } else {
      queue.add(onSlot);
      waiting = queue.size();
    }
  }

  /** Frees a slot; the first in the queue gets it. */
  void release() {
    Iterator<Runnable> first = queue.iterator();
    if (!first.hasNext()) {
      running = running - 1;
      return;
    }
    Runnable next = first.next();
    first.remove();
    waiting = queue.size();
    next.run();
  }

  /** Removes a request from the queue; false when it was not queued. */
  boolean cancel(Runnable onSlot) {
    boolean removed = queue.remove(onSlot);
    waiting = queue.size();
    return removed;
  }

  /** The load seen by a running request: 0 when it is alone, 1 when all slots are in use. */
  double load() {
    return capacity == 1 ? 0 : (running + others - 1) / (double) (capacity - 1);
  }

  int running() {
    return running + others;
  }

  int waiting() {
    return waiting;
  }
}
