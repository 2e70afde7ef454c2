package dev.caravan.pipeline.outcome.checks;

/** Requests that were cut off at the end of the run. */
final class Unanswered implements Check {

  private static final double LONG_ENOUGH = 120;
  private static final double TIMES = 4;

  @Override
  public Description description() {
    return new Description(
        "unanswered",
        "requests cut off, % of those sent",
        Thresholds.above(Level.DEGRADED, 0).and(Level.INVALID, 50),
        "a request got no answer within the grace period (degraded); more than half of all"
            + " requests got none (invalid)",
        "The slowest requests are the ones that are cut off, so every percentile is too low. Only"
            + " aiperf's output reports them.",
        advice("N"));
  }

  @Override
  public boolean needsWorkload() {
    return false;
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Evidence.Counts counts = evidence.counts();
    long sent = counts.sent();
    double share = sent == 0 ? 0 : 100.0 * counts.cancelled() / sent;
    String message =
        "%s of %s requests got no answer before the run ended (%s)"
            .formatted(
                Figures.count(counts.cancelled()), Figures.count(sent), Figures.percent(share));
    return compare(share, thresholds, message, advice(longer(evidence.workload())));
  }

  private static String longer(Workload workload) {
    double seconds = Math.max(LONG_ENOUGH, TIMES * workload.graceSeconds());
    return String.valueOf((long) Math.ceil(seconds));
  }

  private static String advice(String seconds) {
    return "aiperf_options: {benchmark_grace_period: "
        + seconds
        + "} # longer than the slowest request takes";
  }
}
