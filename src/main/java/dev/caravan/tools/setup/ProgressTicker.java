package dev.caravan.tools.setup;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Says at intervals that something is still going on, until it is closed. */
final class ProgressTicker implements AutoCloseable {

  private final ScheduledExecutorService timer;
  private final long start = System.nanoTime();

  /** Starts to say {@code what} and the seconds so far, after each {@code interval}. */
  ProgressTicker(SetupProgress progress, Duration interval, Supplier<String> what) {
    timer = Executors.newSingleThreadScheduledExecutor(ProgressTicker::thread);
    timer.scheduleAtFixedRate(
        () -> progress.line("  " + seconds() + " s: " + what.get()),
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

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "setup-heartbeat");
    thread.setDaemon(true);
    return thread;
  }
}
