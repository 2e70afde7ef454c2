package dev.caravan.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Handles SIGINT and SIGTERM. The first signal is a request to stop; a second one immediately kills
 * the process and all its children.
 */
final class Signals {

  private static final int INTERRUPT_EXIT = 130;
  private static final int TERMINATE_EXIT = 143;

  private final CountDownLatch firstSignal = new CountDownLatch(1);
  private final AtomicBoolean isFirst = new AtomicBoolean(true);
  private final List<Runnable> actions = new ArrayList<>();

  private Signals() {}

  /** Installs the handlers. */
  static Signals handle() {
    return handle(() -> {});
  }

  /** Installs the handlers; {@code onFirst} runs once, in a separate thread. */
  static Signals handle(Runnable onFirst) {
    Signals signals = new Signals();
    signals.onFirst(onFirst);
    org.jline.utils.Signals.register("INT", () -> signals.received(INTERRUPT_EXIT));
    org.jline.utils.Signals.register("TERM", () -> signals.received(TERMINATE_EXIT));
    return signals;
  }

  private void received(int exitCode) {
    if (isFirst.compareAndSet(true, false)) {
      firstSignal.countDown();
      new Thread(this::runActions, "stop").start();
    } else {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      Runtime.getRuntime().halt(exitCode);
    }
  }

  private synchronized void runActions() {
    actions.forEach(Runnable::run);
    actions.clear();
  }

  /** Also runs this at the first signal; at once if it came already. */
  void onFirst(Runnable action) {
    synchronized (this) {
      actions.add(action);
    }
    if (received()) {
      runActions();
    }
  }

  /** Waits for the first signal. */
  void await() throws InterruptedException {
    firstSignal.await();
  }

  /** Waits for the first signal, at most this long; returns whether it came. */
  boolean await(Duration atMost) throws InterruptedException {
    return firstSignal.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether a signal came. */
  boolean received() {
    return !isFirst.get();
  }
}
