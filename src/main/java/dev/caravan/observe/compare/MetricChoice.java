package dev.caravan.observe.compare;

import dev.caravan.config.ConfigKeys;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.ReportMetric.Better;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Chooses the metrics to compare. */
final class MetricChoice {

  private MetricChoice() {}

  /** Whether a metric can be compared: it has a better direction, and is never 0. */
  static boolean isComparable(ReportMetric metric) {
    return metric.better() != Better.NEITHER
        && metric != ReportMetric.ERRORS
        && metric != ReportMetric.ERROR_RATE
        && metric.csvMetric().isPresent();
  }

  /** The metrics to compare, of those that both sides have. */
  static List<ReportMetric> of(ComparedSide base, ComparedSide candidate, CompareRules rules) {
    Predicate<ReportMetric> isKnown =
        metric -> has(base.runs(), metric) && has(candidate.runs(), metric);
    List<ReportMetric> chosen =
        rules.metrics().isEmpty()
            ? usual(candidate, isKnown)
            : rules.metrics().stream().map(ReportMetric::of).flatMap(Optional::stream).toList();
    return chosen.stream().filter(isKnown).filter(MetricChoice::isComparable).toList();
  }

  /**
   * Throughput and median latency; at a fixed rate only latency, since the throughput is given. Of
   * responses that are not streamed, only the whole latency is known; embeddings have no output
   * tokens.
   */
  private static List<ReportMetric> usual(ComparedSide side, Predicate<ReportMetric> isKnown) {
    boolean isFixed =
        side.runs().anyMatch(run -> run.parameters().containsKey(ConfigKeys.REQUEST_RATE));
    Stream<ReportMetric> throughput =
        Stream.of(ReportMetric.TOKENS, ReportMetric.REQUESTS_PER_SECOND)
            .filter(isKnown)
            .limit(isFixed ? 0 : 1);
    boolean isStreamed = isKnown.test(ReportMetric.TTFT_P50);
    Stream<ReportMetric> latency =
        isStreamed
            ? Stream.of(ReportMetric.TTFT_P50, ReportMetric.ITL_P50)
            : Stream.of(ReportMetric.LATENCY_P50);
    return Stream.concat(throughput, latency).toList();
  }

  /** Whether one of these runs has a value that can be compared. */
  static boolean has(Stream<ComparedRun> runs, ReportMetric metric) {
    return runs.anyMatch(run -> run.metric(metric.column()).orElse(0) > 0);
  }
}
