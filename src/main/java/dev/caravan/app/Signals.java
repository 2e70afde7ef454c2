package dev.caravan.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Handles SIGINT, SIGTERM and SIGHUP. The first signal is a request to stop; a second one
 * immediately kills the process and all its children. A terminal that closes sends SIGHUP several
 * times, so that SIGHUP never counts as the second. A signal that is ignored at the start, as under
 * {@code nohup}, stays ignored.
 */
final class Signals {

  private enum Signal {
    INT("Ctrl-C", 130),
    TERM("SIGTERM", 143),
    HUP("SIGHUP: the terminal was closed", 129);

    private final String words;
    private final int exitCode;

    Signal(String words, int exitCode) {
      this.words = words;
      this.exitCode = exitCode;
    }
  }

  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final CompletableFuture<Signal> first = new CompletableFuture<>();
  private final List<Consumer<String>> actions = new ArrayList<>();

  private Signals() {}

  /** Installs the handlers. */
  static Signals handle() {
    return handle(signal -> {});
  }

  /**
   * Installs the handlers; {@code onFirst} runs once, in a separate thread, and gets what stopped
   * the process in words.
   */
  static Signals handle(Consumer<String> onFirst) {
    Signals signals = new Signals();
    signals.onFirst(onFirst);
    for (Signal signal : Signal.values()) {
      org.jline.utils.Signals.register(signal.name(), () -> signals.received(signal));
    }
    return signals;
  }

  private void received(Signal signal) {
    if (first.complete(signal)) {
      new Thread(this::runActions, "stop").start();
    } else if (signal != Signal.HUP) {
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      Runtime.getRuntime().halt(signal.exitCode);
    }
  }

  private synchronized void runActions() {
    actions.forEach(action -> action.accept(first.join().words));
    actions.clear();
  }

  /** Also runs this at the first signal; at once if it came already. */
  void onFirst(Consumer<String> action) {
    synchronized (this) {
      actions.add(action);
    }
    if (received()) {
      runActions();
    }
  }

  /** Waits for the first signal. */
  void await() throws InterruptedException {
    await(FOREVER);
  }

  /** Waits for the first signal, at most this long; returns whether it came. */
  boolean await(Duration atMost) throws InterruptedException {
    try {
      first.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException none) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Whether a signal came. */
  boolean received() {
    return first.isDone();
  }
}
