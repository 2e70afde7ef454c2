package dev.caravan.pipeline.outcome.checks;

import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.statistics.descriptive.Quantile;

/** A p99 that is the burst at the start. */
final class Burst implements Check {

  private static final double P99 = 0.99;
  private static final int FEWEST = 20;

  /** Requests of each connection until the burst has died down. */
  private static final int AFTER = 2;

  @Override
  public Description description() {
    return new Description(
        "burst",
        "p99 of all requests / p99 without the first two of each connection",
        Thresholds.above(Level.NOTE, 1.5),
        "without the first two requests of each connection, the p99 of the time to first token"
            + " (without streaming, of the latency) would be a third lower",
        "All connections start at once, and a service that computes one prompt at a time makes the"
            + " last one wait for all others. Replies that end together cause a second burst. A"
            + " steady load never does that, and more warm-up requests do not help.",
        "aiperf_options: {concurrency_ramp_duration: N} # seconds over which the connections start");
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Optional<Requests> requests = evidence.wholeLog();
    int first = AFTER * evidence.workload().concurrency();
    if (!evidence.workload().hasFixedConcurrency()) {
      return Examination.unchecked("the requests do not start together");
    }
    if (requests.isEmpty() || requests.get().count() < first + FEWEST) {
      return Examination.unchecked("too few requests after the first two of each connection");
    }
    double[] firstTokens = requests.get().firstTokens(0);
    boolean hasFirstTokens = firstTokens.length > 0;
    double[] all = hasFirstTokens ? firstTokens : requests.get().latencies(0);
    double with = p99(all);
    double without = p99(Arrays.copyOfRange(all, first, all.length));
    String message =
        "the p99 of the %s is %s, and %s without the first two requests of each connection"
            .formatted(
                hasFirstTokens ? "time to first token" : "latency",
                Figures.millis(with),
                Figures.millis(without));
    double ratio = without > 0 ? with / without : 1;
    return compare(ratio, thresholds, message, advice(with));
  }

  /** Twice the time that the last of the first requests waits leaves time for each of them. */
  private String advice(double waitMillis) {
    long seconds = (long) Math.ceil(2 * waitMillis / 1_000);
    return description().advice().replace("N", String.valueOf(seconds));
  }

  private static double p99(double[] values) {
    return Quantile.withDefaults().withCopy(true).evaluate(values, P99);
  }
}
