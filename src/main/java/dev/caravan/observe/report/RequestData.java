package dev.caravan.observe.report;

import java.util.List;

/**
 * The requests of one run, from its request log. Times are in seconds since the first request, that
 * of the warm-up included; what a request does not have is NaN.
 *
 * @param total requests in the log
 * @param warmup how many of them belong to the warm-up
 * @param errors how many of the measured ones failed
 * @param whole whether the log was read to its end
 * @param measuredFrom when the measured phase began
 * @param firstAnswer when its first answer was complete: what began before is the opening burst
 * @param start when each shown request was sent; every failed one is shown, of many others some
 * @param ttft its time to first token, ms
 * @param latency its whole time, ms
 * @param kind per shown request: 0 measured, 1 warm-up, 2 failed
 * @param perSecond measured requests that were answered, by second since {@code measuredFrom}
 * @param errorsPerSecond the same for failed ones
 * @param inFlight on average in each whole second since {@code measuredFrom}, how many of the
 *     requests that have ended were under way: at the end of a log that still grows too few
 * @param ttftQuantiles of all measured ones, from the minimum to the maximum in even steps
 * @param latencyQuantiles the same of the whole time
 * @param stalls stretches of the measured phase, from and to, in which nothing was answered
 */
public record RequestData(
    long total,
    long warmup,
    long errors,
    boolean whole,
    double measuredFrom,
    double firstAnswer,
    double[] start,
    double[] ttft,
    double[] latency,
    int[] kind,
    int[] perSecond,
    int[] errorsPerSecond,
    double[] inFlight,
    double[] ttftQuantiles,
    double[] latencyQuantiles,
    List<double[]> stalls) {

  /** Of a measured request. */
  static final int MEASURED = 0;

  /** Of a request of the warm-up. */
  static final int WARMUP = 1;

  /** Of a request that failed. */
  static final int FAILED = 2;

  public RequestData {
    stalls = List.copyOf(stalls);
  }
}
