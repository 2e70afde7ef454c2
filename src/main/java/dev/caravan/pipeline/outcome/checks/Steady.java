package dev.caravan.pipeline.outcome.checks;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.statistics.descriptive.Median;

/** A run whose latency rises or falls from its beginning to its end. */
final class Steady implements Check {

  private static final int SLICES = 10;
  private static final int SMALLEST_SLICE = 5;
  private static final int ENDS = 3;

  /** One in a thousand stationary runs reaches it with ten slices. */
  private static final int TREND = 33;

  @Override
  public Description description() {
    return new Description(
        "steady",
        "change of the median latency from the first three tenths of a run to the last three, %",
        Thresholds.above(Level.NOTE, 10).and(Level.WARNING, 25),
        "the median latency changes by over 10 % from the first three tenths of a run to the last"
            + " three, and the ten medians rise or fall nearly all the way (Mann-Kendall, |S| ≥ 33)",
        "The mean of a slope describes no state that the service stays in. Other work on a host"
            + " causes slopes too, if it lasts as long as the run: they stay below 25 % if it"
            + " makes the latency scatter by 5 %.",
        "warmup_request_count: N # if it gets faster; a longer run if it gets slower");
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Optional<Requests> requests = evidence.wholeLog();
    boolean isFixed =
        evidence.workload().hasFixedConcurrency() && evidence.workload().isSingleTurn();
    if (!isFixed || evidence.workload().rampSeconds() > 0) {
      return Examination.unchecked("the load is not constant");
    }
    if (requests.isEmpty()) {
      return Examination.unchecked("no complete request log");
    }
    int first = evidence.workload().concurrency();
    if (requests.get().count() - first < SLICES * SMALLEST_SLICE) {
      return Examination.unchecked(
          "fewer than %d requests after the first of each connection"
              .formatted(SLICES * SMALLEST_SLICE));
    }
    return examine(medians(requests.get(), first), requests.get().count(), thresholds);
  }

  private Examination examine(double[] medians, int requests, Thresholds thresholds) {
    double begin = median(Arrays.copyOf(medians, ENDS));
    double end = median(Arrays.copyOfRange(medians, SLICES - ENDS, SLICES));
    double change = 100 * (end / begin - 1);
    String message =
        "the median latency %s from %s to %s within the run"
            .formatted(change > 0 ? "rises" : "falls", Figures.millis(begin), Figures.millis(end));
    String advice =
        change > 0
            ? "make the run longer if the latency levels off; otherwise find out what grows in the"
                + " service or on the hosts"
            : "warmup_request_count: " + requests;
    return Math.abs(trend(medians)) >= TREND
        ? compare(Math.abs(change), thresholds, message, advice)
        : Examination.SILENT;
  }

  /** The median latency of each tenth of the requests, by their ends. */
  private static double[] medians(Requests requests, int first) {
    double[] latencies = requests.latenciesByEnd(first);
    double[] medians = new double[SLICES];
    for (int slice = 0; slice < SLICES; slice++) {
      int from = (int) ((long) latencies.length * slice / SLICES);
      int to = (int) ((long) latencies.length * (slice + 1) / SLICES);
      medians[slice] = median(Arrays.copyOfRange(latencies, from, to));
    }
    return medians;
  }

  private static double median(double[] values) {
    return Median.withDefaults().evaluate(values);
  }

  /** Mann and Kendall's S: pairs that rise less pairs that fall. */
  static int trend(double[] values) {
    int trend = 0;
    for (int i = 0; i < values.length; i++) {
      for (int j = i + 1; j < values.length; j++) {
        trend += (int) Math.signum(values[j] - values[i]);
      }
    }
    return trend;
  }
}
