package dev.caravan.observe.report;

import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.storage.BatchFolder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Estimates when batches start and end: a run takes its benchmark_duration plus the average
 * overhead of completed runs. Batches on the same target run one after another; with one worker all
 * do.
 */
final class Forecast {

  private static final String SINGLE_WORKER = "worker";
  private static final String DURATION = "benchmark_duration";

  private final int workers;
  private final double overhead;
  private final Map<String, Double> freeAfter = new HashMap<>();

  /**
   * A forecast over these batches.
   *
   * @param batches all open ones; their completed runs give the overhead
   * @param workers number of runs at once
   */
  Forecast(List<Batch> batches, int workers) {
    this.workers = workers;
    this.overhead = batches.stream().flatMapToDouble(Forecast::overheads).average().orElse(0);
  }

  /** Start and end in seconds from now. */
  record Times(double start, double end) {}

  /**
   * The times of the next batch in queue order.
   *
   * @param done number of its ended runs
   * @param elapsed time that its current run has taken so far
   */
  Times next(Batch batch, int done, Duration elapsed) {
    Set<String> resources = resources(batch);
    double start =
        resources.stream().mapToDouble(r -> freeAfter.getOrDefault(r, 0.0)).max().orElse(0);
    boolean isOneQueue = workers == 1 || !batch.config().matrix().variants().isEmpty();
    int parallel = isOneQueue ? 1 : Math.min(workers, resources.size());
    double seconds =
        Math.max(0, remainingSeconds(batch, done) - elapsed.toMillis() / 1000.0) / parallel;
    resources.forEach(resource -> freeAfter.put(resource, start + seconds));
    return new Times(start, start + seconds);
  }

  /** What the batch's runs wait for: the single worker, or its targets. */
  private Set<String> resources(Batch batch) {
    if (workers == 1) {
      return Set.of(SINGLE_WORKER);
    }
    return batch.config().values("url").stream()
        .map(url -> Target.of((String) url).toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private double remainingSeconds(Batch batch, int done) {
    double perRun = overheads(batch).average().orElse(overhead);
    int remaining = batch.size() - done;
    double measured =
        batch.config().values(DURATION).size() > 1
            ? batch.indexes().skip(done).mapToDouble(i -> planned(batch, i)).sum()
            : remaining == 0 ? 0 : remaining * planned(batch, firstIndex(batch));
    double pauses = Math.max(0, remaining - 1) * (double) batch.config().coolDown().toSeconds();
    return measured + remaining * perRun + pauses;
  }

  /** The measuring time of a run in seconds; 0 when a number of requests ends it. */
  static double planned(Batch batch, int index) {
    return batch.run(index).parameters().benchmarkDuration().map(Duration::toSeconds).orElse(0L);
  }

  private static int firstIndex(Batch batch) {
    return batch.indexes().findFirst().orElseThrow();
  }

  /** Average time beyond benchmark_duration of this batch's completed runs, in seconds. */
  static OptionalDouble overhead(Batch batch) {
    return overheads(batch).average();
  }

  private static DoubleStream overheads(Batch batch) {
    List<ResultRow> rows =
        ResultsCsv.read(batch.folder().resolve(BatchFolder.RESULTS))
            .map(ResultsCsv.Table::rows)
            .orElse(List.of());
    return rows.stream()
        .filter(row -> row.outcome().counts() == Outcome.Counts.COMPLETED)
        .flatMapToDouble(row -> overhead(batch, row).stream());
  }

  private static OptionalDouble overhead(Batch batch, ResultRow row) {
    OptionalDouble duration = row.metrics().get(Metric.DURATION);
    return duration.isPresent() && batch.hasRun(row.runIndex())
        ? OptionalDouble.of(Math.max(0, duration.getAsDouble() - planned(batch, row.runIndex())))
        : OptionalDouble.empty();
  }
}
