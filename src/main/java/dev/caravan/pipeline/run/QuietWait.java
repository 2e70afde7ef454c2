package dev.caravan.pipeline.run;

import dev.caravan.config.text.Durations;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The last step before a start. Waits until the service of a run works on no other requests, if it
 * tells how many it works on. Some services are never idle: after two waits in vain, a batch waits
 * no more.
 */
public final class QuietWait {

  private static final int MOST_IN_VAIN = 2;
  private static final int MAX_KNOWN = 1_000;
  private static final long INTERVAL_MILLIS = 500;

  private final RunStage runs;
  private final ServiceWatch services;
  private final Recent<String, Integer> inVain = new Recent<>(MAX_KNOWN);
  private final Recent<List<String>, Boolean> untold = new Recent<>(MAX_KNOWN);

  public QuietWait(RunStage runs, ServiceWatch services) {
    this.runs = runs;
    this.services = services;
  }

  /** Waits for the service of a run that may start; a stop or a cancel ends that. */
  public RunTask await(RunTask task) throws IOException {
    return runs.unlessStopping(awaitIdle(task));
  }

  private RunTask awaitIdle(RunTask task) throws IOException {
    Run run = task.run();
    Duration longest = task.rules().quiet();
    boolean isWanted =
        task.mayStart()
            && !longest.isZero()
            && ServiceWatch.mayAsk(run)
            && untold.find(service(run)).isEmpty()
            && inVain.find(batch(run)).orElse(0) < MOST_IN_VAIN;
    if (!isWanted) {
      return task;
    }
    OptionalDouble requests = services.inProgress(run);
    if (requests.isEmpty()) {
      untold.put(service(run), true);
    }
    return requests.orElse(0) > 0 ? await(task, requests.getAsDouble(), longest) : task;
  }

  private RunTask await(RunTask task, double requests, Duration longest) throws IOException {
    String busy = "%s works on %.0f requests of others".formatted(url(task), requests);
    runs.warn(task.run(), busy + "; waiting until it is idle, " + Durations.format(longest));
    StopSignal stop = runs.beginPreflight(task);
    try {
      boolean isIdle = isIdleWithin(task.run(), longest, stop);
      if (stop.message().isPresent()) {
        return runs.stopped(task, stop.message().get());
      }
      if (!isIdle) {
        inVain.put(batch(task.run()), inVain.find(batch(task.run())).orElse(0) + 1);
        runs.warn(task.run(), url(task) + " is still not idle; starting anyway");
      }
      return task;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return task.with(Kind.STOPPED, "the waiting thread was interrupted");
    } finally {
      runs.endPreflight(task);
    }
  }

  private boolean isIdleWithin(Run run, Duration longest, StopSignal stop)
      throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    stop.whenStopped(stopped::countDown);
    long begin = System.nanoTime();
    for (long left = longest.toNanos();
        left > 0;
        left = longest.toNanos() - (System.nanoTime() - begin)) {
      long pause = Math.min(left, TimeUnit.MILLISECONDS.toNanos(INTERVAL_MILLIS));
      boolean isStopped = stopped.await(pause, TimeUnit.NANOSECONDS);
      if (isStopped || services.inProgress(run).orElse(0) <= 0) {
        return true;
      }
    }
    return false;
  }

  private static String url(RunTask task) {
    return task.run().parameters().url();
  }

  private static String batch(Run run) {
    return run.batch().record().claimId();
  }

  private static List<String> service(Run run) {
    return List.of(batch(run), run.parameters().url());
  }
}
