package dev.caravan.app;

import dev.caravan.storage.HomeLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles SIGINT, SIGTERM and SIGHUP. The first is a request to stop; a second SIGINT or SIGTERM
 * immediately kills the process and all its children. SIGHUP does not count for that, since a
 * terminal that closes sends it several times, nor does the end of the input, which may come with
 * any of them. A signal that is ignored at the start, as under {@code nohup}, stays ignored.
 */
final class Signals {

  private enum Signal {
    INT("Ctrl-C", 130),
    TERM("SIGTERM", 143),
    HUP("SIGHUP: the terminal was closed", NEVER),
    END_OF_INPUT("the standard input has ended", NEVER),
    LOCK_LOST("its home, or the lock on it, is gone", NEVER);

    private final String words;
    private final int exitCode; // when it is the second

    Signal(String words, int exitCode) {
      this.words = words;
      this.exitCode = exitCode;
    }

    private boolean counts() {
      return exitCode != NEVER;
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
  private static final int NEVER = -1;
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final CompletableFuture<Signal> first = new CompletableFuture<>();
  private final AtomicBoolean counted = new AtomicBoolean();
  private final AtomicReference<Runnable> lastWords = new AtomicReference<>(() -> {});
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
    for (Signal signal : EnumSet.of(Signal.INT, Signal.TERM, Signal.HUP)) {
      org.jline.utils.Signals.register(signal.name(), () -> signals.received(signal));
    }
    return signals;
  }

  private void received(Signal signal) {
    boolean isSecond = signal.counts() && !counted.compareAndSet(false, true);
    if (first.complete(signal)) {
      new Thread(this::runActions, "stop").start();
    } else if (isSecond) {
      sayLastWords();
      ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
      Runtime.getRuntime().halt(signal.exitCode);
    }
  }

  /** Not for long: what they need may be what hangs. */
  private void sayLastWords() {
    Thread words = new Thread(lastWords.get(), "last-words");
    words.start();
    try {
      words.join(LAST_WORDS.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Runs this before a second signal ends the process. */
  void beforeEnd(Runnable action) {
    lastWords.set(action);
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

  /**
   * Takes the end of this stream for a request to stop, too; reads and ignores what comes before.
   */
  void alsoAtEndOf(InputStream input) {
    Thread reader = new Thread(() -> awaitEnd(input), "input-end");
    reader.setDaemon(true);
    reader.start();
  }

  private void awaitEnd(InputStream input) {
    try {
      input.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.debug("The standard input cannot be read, which ends it", e);
    }
    received(Signal.END_OF_INPUT);
  }

  /** Stops as at a signal, too, once this lock is lost, as with its home. */
  void alsoWithout(HomeLock lock) {
    Thread watch = new Thread(() -> awaitLoss(lock), "home-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private void awaitLoss(HomeLock lock) {
    try {
      while (!lock.isLost()) {
        TimeUnit.SECONDS.sleep(1);
      }
      LOG.error("Exiting because {}", lock.loss());
      received(Signal.LOCK_LOST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
