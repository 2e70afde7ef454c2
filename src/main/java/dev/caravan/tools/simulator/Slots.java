package dev.caravan.tools.simulator;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The places of a server that serves a fixed number of requests at once and lets the others wait in
 * line. Used on the event loop only; the two counts may be read from anywhere.
 */
final class Slots {

  private final int capacity;
  private final Set<Runnable> line = new LinkedHashSet<>();
  private volatile int running;
  private volatile int waiting;

  Slots(int capacity) {
    this.capacity = capacity;
  }

  /** Runs {@code served} as soon as there is a place for it: now, or when its turn comes. */
  void enter(Runnable served) {
    if (running < capacity) {
      running = running + 1;
      served.run();
    } else {
      line.add(served);
      waiting = line.size();
    }
  }

  /** Gives a place back; the first in line takes it. */
  void leave() {
    Iterator<Runnable> first = line.iterator();
    if (!first.hasNext()) {
      running = running - 1;
      return;
    }
    Runnable next = first.next();
    first.remove();
    waiting = line.size();
    next.run();
  }

  /** Takes one out of the line; false when it was not waiting. */
  boolean giveUp(Runnable served) {
    boolean waited = line.remove(served);
    waiting = line.size();
    return waited;
  }

  /** How full the server is beyond the one request asking: 0 alone, 1 when all places are taken. */
  double load() {
    return capacity == 1 ? 0 : (running - 1) / (double) (capacity - 1);
  }

  int running() {
    return running;
  }

  int waiting() {
    return waiting;
  }
}
