package dev.caravan.pipeline.outcome.checks;

/** Requests that failed. */
final class Errors implements Check {

  @Override
  public Description description() {
    return new Description(
        "errors",
        "failed requests, % of all",
        Thresholds.above(Level.DEGRADED, 0).and(Level.INVALID, 50),
        "a request failed (degraded); more than half of all requests failed, other than by a rate"
            + " limit (invalid). Requests that request_cancellation_rate breaks off have not failed",
        "Latencies are those of the successful requests only. Failed requests also free the"
            + " service early, which makes the others look better than they are.",
        "find the cause in error_summary of profile_export_aiperf.json and in the service's log");
  }

  @Override
  public boolean needsWorkload() {
    return false;
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Evidence.Counts counts = evidence.counts();
    long all = counts.succeeded() + counts.failed();
    double share = all == 0 ? 0 : 100.0 * counts.failed() / all;
    String message =
        "%s of %s requests failed (%s)"
            .formatted(Figures.count(counts.failed()), Figures.count(all), Figures.percent(share));
    Examination result = compare(share, thresholds, message, description().advice());
    double others = all == 0 ? 0 : 100.0 * (counts.failed() - counts.rateLimited()) / all;
    return thresholds.isPassed(Level.INVALID, others)
        ? result
        : result.atMost(Level.DEGRADED); // rate limits are what an overload test measures
  }
}
