package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.SloResult;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a finished batch is judged by beside earlier ones of its name. Repeats of a point count as
 * one, with their mean.
 *
 * @param throughput highest output tokens per second, or requests per second when tokens were not
 *     counted, of a completed point; with bounds only of those that succeeded and keep them
 * @param unit unit of the throughput
 * @param at the point that reaches it, such as {@code concurrency 64}; empty without sweeps
 * @param isBounded whether the config has bounds
 * @param latency geometric mean of the latency over all points; empty unless all completed, and for
 *     a search
 * @param latencyLabel name of that latency, such as {@code TTFT p50}
 * @param workload batches with the same one can be set side by side
 */
public record BatchFigures(
    OptionalDouble throughput,
    String unit,
    String at,
    boolean isBounded,
    OptionalDouble latency,
    String latencyLabel,
    String workload) {

  /** Those of a batch. */
  static BatchFigures of(BatchData read, String workload) {
    BatchData batch = DrawnRepeats.of(read);
    ReportMetric gain =
        batch.has(ReportMetric.TOKENS) ? ReportMetric.TOKENS : ReportMetric.REQUESTS_PER_SECOND;
    Optional<Point> best =
        batch.points().stream()
            .filter(point -> counts(batch, point))
            .filter(point -> point.metrics().get(gain).isPresent())
            .max(Comparator.comparingDouble(point -> point.metrics().get(gain).getAsDouble()));
    ReportMetric cost =
        batch.has(ReportMetric.TTFT_P50) ? ReportMetric.TTFT_P50 : ReportMetric.LATENCY_P50;
    return new BatchFigures(
        best.map(point -> point.metrics().get(gain)).orElse(OptionalDouble.empty()),
        gain.unit(),
        best.map(point -> at(batch.keys(), point)).orElse(""),
        !batch.slo().isEmpty(),
        // A search measures other loads each time.
        batch.search().isPresent() ? OptionalDouble.empty() : mean(batch.points(), cost),
        cost.label(),
        workload);
  }

  private static boolean counts(BatchData batch, Point point) {
    return batch.slo().isEmpty()
        ? point.completed()
        : point.completed()
            && !point.degraded()
            && batch.slo(point).state() == SloResult.State.KEPT;
  }

  private static String at(List<String> keys, Point point) {
    return IntStream.range(0, keys.size())
        .mapToObj(key -> keys.get(key) + " " + point.values().get(key))
        .collect(Collectors.joining(", "));
  }

  private static OptionalDouble mean(List<Point> points, ReportMetric metric) {
    boolean isWhole =
        points.stream()
            .allMatch(
                point ->
                    point.completed() && point.metrics().get(metric).stream().anyMatch(v -> v > 0));
    return isWhole
        ? points.stream()
            .mapToDouble(point -> Math.log(point.metrics().get(metric).getAsDouble()))
            .average()
            .stream()
            .map(Math::exp)
            .findFirst()
        : OptionalDouble.empty();
  }
}
