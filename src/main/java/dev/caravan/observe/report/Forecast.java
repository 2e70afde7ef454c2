package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Estimates when batches start and end. Batches on the same target run one after another; with one
 * worker all do.
 */
final class Forecast {

  private static final String SINGLE_WORKER = "worker";
  private static final String DURATION = "benchmark_duration";

  /** A run that takes longer than expected is taken to end soon, not to have ended. */
  private static final double SOON = 5;

  /** After what nobody knows the end of. */
  private static final double UNKNOWN = Double.NaN;

  private final RunTimes runTimes;
  private final int workers;
  private final Map<String, Double> freeAfter = new HashMap<>();

  /**
   * A forecast.
   *
   * @param runTimes how long runs take
   * @param workers number of runs at once
   */
  Forecast(RunTimes runTimes, int workers) {
    this.runTimes = runTimes;
    this.workers = workers;
  }

  /** Start and end in seconds from now; NaN when unknown. */
  record Times(double start, double end) {}

  /**
   * The times of the next batch in queue order.
   *
   * @param total number of its runs
   * @param done number of its ended runs
   * @param elapsed time that its current run has taken so far; empty when none is running
   * @param wait time before which it starts no run, also if nothing else runs
   */
  Times next(Batch batch, int total, int done, Optional<Duration> elapsed, Duration wait) {
    Set<String> resources = resources(batch);
    double free =
        resources.stream().mapToDouble(r -> freeAfter.getOrDefault(r, 0.0)).reduce(0, Math::max);
    double start = Math.max(free, wait.toMillis() / 1000.0);
    boolean isOneQueue = workers == 1 || batch.config().matrix().isOneQueue();
    int parallel = isOneQueue ? 1 : Math.min(workers, resources.size());
    double runs = remainingSeconds(batch, total, done, elapsed) / parallel;
    // Others are served while it waits, so that it keeps them back only for its runs.
    resources.forEach(resource -> freeAfter.put(resource, free + runs));
    return new Times(start, start + runs);
  }

  /** What the batch's runs wait for: the single worker, or its targets. */
  private Set<String> resources(Batch batch) {
    if (workers == 1) {
      return Set.of(SINGLE_WORKER);
    }
    return BatchStates.targets(batch);
  }

  /** Of the current run only what is left of it; the time of those after it stays whole. */
  private double remainingSeconds(Batch batch, int total, int done, Optional<Duration> elapsed) {
    int left = Math.max(0, total - done);
    int[] rest =
        batch
            .search()
            .map(search -> search.last(left))
            .orElseGet(() -> batch.indexes().skip(done).limit(left))
            .toArray();
    if (rest.length == 0) {
      return 0;
    }
    boolean alike = batch.config().values(DURATION).size() <= 1;
    double first = expected(batch, rest[0]);
    double current = elapsed.map(e -> Math.max(SOON, first - e.toMillis() / 1000.0)).orElse(first);
    double later = 0;
    for (int i = 1; i < rest.length; i++) {
      later += alike ? first : expected(batch, rest[i]);
    }
    double pauses = (rest.length - 1) * (double) batch.config().coolDown().toSeconds();
    return current + later + pauses;
  }

  private double expected(Batch batch, int index) {
    return runTimes.expected(batch, index).orElse(UNKNOWN);
  }
}
