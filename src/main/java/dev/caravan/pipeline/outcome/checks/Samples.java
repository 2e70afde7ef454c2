package dev.caravan.pipeline.outcome.checks;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Too few requests for a percentile. */
final class Samples implements Check {

  private static final double SHORTEST_WINDOW = 10;
  private static final String REQUESTS = "request_count";

  /** Some more than it takes, since no two runs are alike. */
  private static final double RESERVE = 1.5;

  @Override
  public Description description() {
    return new Description(
        "samples",
        "answered requests",
        Thresholds.below(Level.NOTE, 368),
        "fewer than 368 requests for a p99 (36 for a p90), or a run that is shorter than ten"
            + " requests take",
        "With fewer requests, the largest value is below the true percentile in more than one run"
            + " of forty. The quantile q needs ln 0.025 / ln q requests.",
        "benchmark_duration: N # longer, or aiperf_options: {request_count: N}");
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    long answered = evidence.answered();
    double p99 = thresholds.of(Level.NOTE);
    double p90 = QuantileInterval.samplesFor(0.9);
    String message =
        answered < p90
            ? "%s requests are too few for a p90, which needs %s, and a p99, which needs %s"
                .formatted(Figures.count(answered), Figures.number(p90), Figures.number(p99))
            : "%s requests are too few for a p99, which needs %s"
                .formatted(Figures.count(answered), Figures.number(p99));
    String advice = advice(evidence, p99 / Math.max(1, answered));
    Examination result = compare(answered, thresholds, message, advice);
    return result instanceof Finding ? result : window(evidence);
  }

  private Examination window(Evidence evidence) {
    OptionalDouble seconds = evidence.mean("benchmark_duration");
    OptionalDouble latency = evidence.median("request_latency");
    if (seconds.isEmpty() || latency.isEmpty() || latency.getAsDouble() <= 0) {
      return Examination.SILENT;
    }
    double requests = seconds.getAsDouble() * 1_000 / latency.getAsDouble();
    String message =
        "the run lasted %s s and a request %s: most of the run is its start and end"
            .formatted(
                Figures.number(seconds.getAsDouble()), Figures.millis(latency.getAsDouble()));
    return requests < SHORTEST_WINDOW
        ? finding(
            Level.NOTE,
            requests,
            SHORTEST_WINDOW,
            message,
            advice(evidence, SHORTEST_WINDOW / requests))
        : Examination.SILENT;
  }

  /** How to make the run so many times as long: what ended it, and what would end it then. */
  private static String advice(Evidence evidence, double times) {
    return Stream.of(duration(evidence, times * RESERVE), count(evidence, times * RESERVE))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" # and "));
  }

  private static Optional<String> duration(Evidence evidence, double times) {
    double asked = evidence.workload().duration().orElse(0);
    double took = Math.min(asked, evidence.mean("benchmark_duration").orElse(asked));
    return asked == 0 || times * took <= asked
        ? Optional.empty()
        : Optional.of("benchmark_duration: " + (long) Math.ceil(times * took));
  }

  private static Optional<String> count(Evidence evidence, double times) {
    Workload workload = evidence.workload();
    String option = workload.endingCount().orElse(REQUESTS);
    double asked = workload.option(option).orElse(0);
    double took = option.equals(REQUESTS) ? evidence.counts().sent() : asked;
    boolean isEnd = asked > 0 || workload.duration().isEmpty();
    return !isEnd || times * took <= asked
        ? Optional.empty()
        : Optional.of("aiperf_options: {" + option + ": " + (long) Math.ceil(times * took) + "}");
  }
}
