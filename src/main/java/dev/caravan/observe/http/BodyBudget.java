package dev.caravan.observe.http;

import java.util.concurrent.atomic.AtomicLong;

/** How much memory the bodies of all requests in progress may take together. Thread-safe. */
final class BodyBudget {

  private final long max;
  private final AtomicLong taken = new AtomicLong();

  BodyBudget(long max) {
    this.max = max;
  }

  /** Takes this many bytes; false if there are not so many left. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) <= max) {
      return true;
    }
    taken.addAndGet(-bytes);
    return false;
  }

  /** How many bytes are taken now. */
  long taken() {
    return taken.get();
  }

  void giveBack(long bytes) {
    taken.addAndGet(-bytes);
  }
}
