package dev.caravan.app;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * SIGINT and SIGTERM as an order to stop. The first one is remembered for whoever waits; a second
 * one ends the process and all that it started at once.
 */
final class Signals {

  private static final int INTERRUPT = 130;
  private static final int TERMINATE = 143;

  private final CountDownLatch ordered = new CountDownLatch(1);
  private final AtomicBoolean first = new AtomicBoolean(true);
  private final Runnable onFirst;

  private Signals(Runnable onFirst) {
    this.onFirst = onFirst;
  }

  /** Handles the signals from now on; {@code onFirst} runs once, in a thread of its own. */
  static Signals handle(Runnable onFirst) {
    Signals signals = new Signals(onFirst);
    org.jline.utils.Signals.register("INT", () -> signals.received(INTERRUPT));
    org.jline.utils.Signals.register("TERM", () -> signals.received(TERMINATE));
    return signals;
  }

  private void received(int exitAtOnce) {
    if (first.compareAndSet(true, false)) {
      ordered.countDown();
      new Thread(onFirst, "stop").start();
    } else {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      Runtime.getRuntime().halt(exitAtOnce);
    }
  }

  /** Waits for the first signal. */
  void await() throws InterruptedException {
    ordered.await();
  }

  /** Waits for the first signal this long; whether it came. */
  boolean await(Duration atMost) throws InterruptedException {
    return ordered.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether a signal came. */
  boolean received() {
    return !first.get();
  }
}
