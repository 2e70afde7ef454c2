package dev.caravan.observe.http;

import java.util.concurrent.Semaphore;

/** Counts the open event streams, those of pages included, and limits them. Thread-safe. */
final class StreamLimit {

  private final int max;
  private final Semaphore free;

  StreamLimit(int max) {
    this.max = max;
    this.free = new Semaphore(max);
  }

  /** Counts one more stream unless there are too many. */
  boolean tryOpen() {
    return free.tryAcquire();
  }

  /** A counted stream has ended. */
  void closed() {
    free.release();
  }

  int open() {
    return max - free.availablePermits();
  }
}
