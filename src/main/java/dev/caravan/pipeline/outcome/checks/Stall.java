package dev.caravan.pipeline.outcome.checks;

import java.util.List;
import java.util.Optional;

/** A time in which nothing moved, in the client or in the service. */
final class Stall implements Check {

  private static final int OFTEN = 3;
  private static final double INVALID_SECONDS = 2;
  private static final double INVALID_SHARE = 0.05;

  /** How the message begins when the service is what stood still, and not aiperf. */
  private static final String SERVICE = "the service ";

  /** Whether a finding with this message is about the service. */
  static boolean isOfService(String message) {
    return message.startsWith(SERVICE);
  }

  @Override
  public Description description() {
    return new Description(
        "stall",
        "longest time without progress, s",
        Thresholds.above(Level.DEGRADED, 1).and(Level.INVALID, INVALID_SECONDS),
        "aiperf was stalled for over 1 s, or three times for 0.5 s (invalid: for over 2 s and 5 %"
            + " of the run); or the service sent no reply for 2 s and for five times the p99, with"
            + " two or more requests in flight, also at the beginning",
        "If the client stalls, the waiting time counts as latency of the service. If the service"
            + " stalls, the percentiles are those of the stall.",
        "run nothing else on aiperf's host; check the service's log for that time");
  }

  @Override
  public boolean needsWorkload() {
    return false;
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Optional<Requests> requests = evidence.requests();
    if (evidence.holdUps().isEmpty() && requests.isEmpty()) {
      return Examination.unchecked("no aiperf log and no request log");
    }
    Examination client = client(evidence.holdUps().orElse(List.of()), window(requests), thresholds);
    return client instanceof Finding || requests.isEmpty()
        ? client
        : service(requests.get(), thresholds);
  }

  private static double window(Optional<Requests> requests) {
    return requests.map(Requests::window).orElse(0.0);
  }

  private Examination client(List<Double> holdUps, double window, Thresholds thresholds) {
    double longest = holdUps.stream().mapToDouble(Double::doubleValue).max().orElse(0);
    double seconds = thresholds.of(Level.DEGRADED);
    double half = seconds / 2;
    long often = holdUps.stream().filter(millis -> millis > half * 1_000).count();
    double limit = Math.max(thresholds.of(Level.INVALID), INVALID_SHARE * window);
    if (longest <= seconds * 1_000 && often < OFTEN) {
      return Examination.SILENT;
    }
    boolean isInvalid = longest / 1_000 > limit;
    String message =
        "aiperf itself stalled for %s (%s times for over %s s)"
            .formatted(Figures.millis(longest), Figures.count(often), Figures.number(half));
    return finding(
        isInvalid ? Level.INVALID : Level.DEGRADED,
        longest / 1_000,
        isInvalid ? limit : seconds,
        message,
        description().advice());
  }

  private Examination service(Requests requests, Thresholds thresholds) {
    return Holes.longest(requests)
        .filter(hole -> thresholds.isPassed(Level.DEGRADED, hole.seconds()))
        .<Examination>map(
            hole ->
                finding(
                    Level.DEGRADED,
                    hole.seconds(),
                    hole.threshold(),
                    (SERVICE + "sent no reply for %s s, with %s requests waiting")
                        .formatted(Figures.number(hole.seconds()), Figures.count(hole.waiting())),
                    description().advice()))
        .orElse(Examination.SILENT);
  }
}
