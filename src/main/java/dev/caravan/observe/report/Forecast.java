package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.target.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * When batches will start and end: each run takes its benchmark_duration and what completed runs
 * took beyond theirs. Batches on one target come one after the other; on one worker all do.
 */
final class Forecast {

  private static final String HOST = "host";
  private static final String DURATION = "benchmark_duration";

  private final int workers;
  private final double overhead;
  private final Map<String, Double> freeAfter = new HashMap<>();

  /**
   * A forecast over these batches.
   *
   * @param batches all that are open; what their runs took is what is known
   * @param workers runs at once
   */
  Forecast(List<Batch> batches, int workers) {
    this.workers = workers;
    this.overhead = batches.stream().flatMapToDouble(Forecast::overheads).average().orElse(0);
  }

  /** Seconds from now on. */
  record Times(double start, double end) {}

  /**
   * The times of the next batch in order.
   *
   * @param done how many of its runs ended
   * @param elapsed how long its run under way has been
   */
  Times next(Batch batch, int done, Duration elapsed) {
    Set<String> places = places(batch);
    double start = places.stream().mapToDouble(p -> freeAfter.getOrDefault(p, 0.0)).max().orElse(0);
    int lanes = workers == 1 ? 1 : Math.min(workers, places.size());
    double left = Math.max(0, seconds(batch, done) - elapsed.toMillis() / 1000.0) / lanes;
    places.forEach(place -> freeAfter.put(place, start + left));
    return new Times(start, start + left);
  }

  private Set<String> places(Batch batch) {
    if (workers == 1) {
      return Set.of(HOST);
    }
    return batch
        .config()
        .sweeps()
        .getOrDefault("url", List.of(batch.config().base().values().getOrDefault("url", "")))
        .stream()
        .map(url -> Target.of((String) url).toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private double seconds(Batch batch, int done) {
    double own = overheads(batch).average().orElse(overhead);
    int left = batch.size() - done;
    double measured =
        batch.config().sweeps().containsKey(DURATION)
            ? IntStream.range(done, batch.size()).mapToDouble(i -> planned(batch, i)).sum()
            : left == 0 ? 0 : left * planned(batch, 0);
    return measured + left * own;
  }

  static double planned(Batch batch, int index) {
    return batch.run(index).parameters().benchmarkDuration();
  }

  /** What completed runs of this batch took beyond their benchmark_duration on the average, s. */
  static OptionalDouble overhead(Batch batch) {
    return overheads(batch).average();
  }

  private static DoubleStream overheads(Batch batch) {
    List<ResultRow> rows =
        ResultsCsv.read(batch.folder().resolve(ResultWriter.RESULTS))
            .map(ResultsCsv.Table::rows)
            .orElse(List.of());
    return rows.stream()
        .filter(row -> row.outcome().counts() == Outcome.Counts.COMPLETED)
        .flatMapToDouble(row -> overhead(batch, row).stream());
  }

  private static OptionalDouble overhead(Batch batch, ResultRow row) {
    OptionalDouble took = row.metrics().get(Metric.DURATION);
    return took.isPresent() && row.runIndex() < batch.size()
        ? OptionalDouble.of(Math.max(0, took.getAsDouble() - planned(batch, row.runIndex())))
        : OptionalDouble.empty();
  }
}
