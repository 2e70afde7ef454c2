package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.SearchEndings;
import dev.caravan.pipeline.outcome.SloResult;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a finished batch is judged by beside earlier ones of its name. Repeats of a point count as
 * one, with their mean. Degraded runs do not count.
 *
 * @param throughput highest output tokens per second, or requests per second when tokens were not
 *     counted, of a point that succeeded; with bounds only of those that keep them
 * @param unit unit of the throughput
 * @param at the point that reaches it, such as {@code concurrency 64}; empty without sweeps
 * @param requests number of requests in a run of that point
 * @param isBounded whether the config has bounds
 * @param latency geometric mean of the latency over all points; empty unless all succeeded, and for
 *     a search
 * @param latencyLabel name of that latency, such as {@code TTFT p50}
 * @param workload batches with the same one can be set side by side
 * @param warnings ids of the checks that warn of runs that count: those numbers are true for
 *     something else than their label says
 * @param disturbances ids of the checks that found a run disturbed, or its numbers void
 * @param lacksPoints whether degraded runs leave points without a number, so that it cannot be
 *     compared with batches that have all; never of a search, which chooses its points
 * @param mayKeepBounds whether a degraded run may keep the bounds: its numbers do, or it was
 *     disturbed by what is not the service
 */
public record BatchFigures(
    OptionalDouble throughput,
    String unit,
    String at,
    OptionalDouble requests,
    boolean isBounded,
    OptionalDouble latency,
    String latencyLabel,
    String workload,
    List<String> warnings,
    List<String> disturbances,
    boolean lacksPoints,
    boolean mayKeepBounds) {

  public BatchFigures {
    // A daemon of an older version does not send them.
    requests = requests == null ? OptionalDouble.empty() : requests;
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
    disturbances = disturbances == null ? List.of() : List.copyOf(disturbances);
  }

  /** The figures of a batch. */
  static BatchFigures of(BatchData read, String workload) {
    BatchData batch = DrawnRepeats.of(DrawnRepeats.undisturbed(read));
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
        best.map(point -> point.metrics().get(ReportMetric.REQUESTS))
            .orElse(OptionalDouble.empty()),
        !batch.slo().isEmpty(),
        // A search measures other loads each time.
        batch.search().isPresent() ? OptionalDouble.empty() : mean(batch.points(), cost),
        cost.label(),
        workload,
        ids(batch.points().stream().filter(Point::succeeded), Set.of(Level.WARNING)),
        ids(read.points().stream(), Set.of(Level.DEGRADED, Level.INVALID)),
        batch.search().isEmpty() && batch.points().stream().anyMatch(Point::degraded),
        !batch.slo().isEmpty()
            && batch.points().stream()
                .filter(Point::degraded)
                .anyMatch(point -> mayKeepBounds(batch, point)));
  }

  private static List<String> ids(Stream<Point> points, Set<Level> levels) {
    return points
        .flatMap(point -> point.checks().findings().stream())
        .filter(finding -> levels.contains(finding.level()))
        .map(Finding::id)
        .distinct()
        .sorted()
        .toList();
  }

  private static boolean counts(BatchData batch, Point point) {
    return point.succeeded()
        && (batch.slo().isEmpty() || batch.slo(point).state() == SloResult.State.KEPT);
  }

  private static boolean mayKeepBounds(BatchData batch, Point point) {
    return new SearchEndings(batch.slo()).mayKeep(point.foundChecks(), batch.slo(point).state());
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
                    point.succeeded() && point.metrics().get(metric).stream().anyMatch(v -> v > 0));
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
