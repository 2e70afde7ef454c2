package dev.caravan.pipeline.run;

import dev.caravan.config.text.Durations;
import dev.caravan.config.text.Plural;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.run.RunReport.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The last step before a start. Waits until the service of a run works on no other requests, if it
 * tells how many it works on. Some services are never idle: after two waits in vain, a batch waits
 * no more.
 */
public final class QuietWait {

  private static final int MOST_IN_VAIN = 2;
  private static final int MAX_KNOWN = 1_000;
  private static final long INTERVAL_MILLIS = 500;

  /** An answer that is older says nothing about now; a preflight may have come between. */
  private static final long FRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final RunStage runs;
  private final ServiceWatch services;
  private final Recent<String, Integer> inVain = new Recent<>(MAX_KNOWN);
  private final Recent<List<String>, Boolean> tells = new Recent<>(MAX_KNOWN);
  private final Recent<String, CompletableFuture<Answer>> begun = new Recent<>(MAX_KNOWN);
  private final LongSupplier nanoTime;

  /** The requests that a service works on, and when it said so. */
  private record Answer(OptionalDouble requests, long nanos) {}

  public QuietWait(RunStage runs, ServiceWatch services) {
    this(runs, services, System::nanoTime);
  }

  QuietWait(RunStage runs, ServiceWatch services, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.runs = runs;
    this.services = services;
  }

  /**
   * Asks the service of a run while it is being probed, so that no time is lost before the start;
   * only a service that has told before how busy it is.
   */
  public RunTask begin(RunTask task) {
    if (isWanted(task) && tells.find(service(task.run())).isPresent()) {
      begun.put(
          task.order().runKey(),
          services
              .inProgress(task.run())
              .thenApply(requests -> new Answer(requests, nanoTime.getAsLong())));
    }
    return task;
  }

  /** Waits for the service of a run that may start; a stop or a cancel ends that. */
  public RunTask await(RunTask task) throws IOException {
    return runs.unlessStopping(awaitIdle(task));
  }

  private RunTask awaitIdle(RunTask task) throws IOException {
    Optional<CompletableFuture<Answer>> answer = begun.take(task.order().runKey());
    if (!task.mayStart() || !isWanted(task)) {
      return task;
    }
    OptionalDouble requests =
        answer
            .map(CompletableFuture::join)
            .filter(found -> nanoTime.getAsLong() - found.nanos() < FRESH_NANOS)
            .map(Answer::requests)
            .filter(found -> found.orElse(0) <= 0) // it may have counted a request of the preflight
            .orElseGet(() -> requestsNow(task.run()));
    tells.put(service(task.run()), requests.isPresent());
    return requests.orElse(0) > 0
        ? await(task, requests.getAsDouble(), task.rules().quiet())
        : task;
  }

  private boolean isWanted(RunTask task) {
    Run run = task.run();
    return !task.rules().quiet().isZero()
        && ServiceWatch.mayAsk(run)
        && tells.find(service(run)).orElse(true)
        && inVain.find(batch(run)).orElse(0) < MOST_IN_VAIN;
  }

  private OptionalDouble requestsNow(Run run) {
    return services.inProgress(run).join();
  }

  private RunTask await(RunTask task, double requests, Duration longest) throws IOException {
    String busy =
        "%s is processing %s of others"
            .formatted(url(task), Plural.of(Math.round(requests), "request"));
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
      if (isStopped || requestsNow(run).orElse(0) <= 0) {
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
