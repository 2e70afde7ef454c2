package dev.caravan.tools.setup;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Reports at intervals that a step is still running, until closed. */
final class ProgressTicker implements AutoCloseable {

  private final ScheduledExecutorService timer;
  private final long start = System.nanoTime();

  /** Reports the elapsed seconds and {@code status} after every {@code interval}. */
  ProgressTicker(SetupProgress progress, Duration interval, Supplier<String> status) {
    timer = Executors.newSingleThreadScheduledExecutor(ProgressTicker::daemonThread);
    timer.scheduleAtFixedRate(
        () -> progress.line("  " + seconds() + " s: " + status.get()),
        interval.toMillis(),
        interval.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private long seconds() {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
  }

  private static Thread daemonThread(Runnable work) {
    Thread thread = new Thread(work, "setup-progress");
    thread.setDaemon(true);
    return thread;
  }
}
