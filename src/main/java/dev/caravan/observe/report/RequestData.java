package dev.caravan.observe.report;

import java.util.List;
import java.util.Map;

/**
 * The requests of one run, from its request log. Times are in seconds since the first request,
 * warm-up included; absent values are NaN.
 *
 * @param origin when the first request was sent, Unix time in nanoseconds
 * @param total requests in the log
 * @param warmup number of warm-up requests among them
 * @param errors number of measured requests that failed
 * @param errorKinds the same by HTTP status, or by the name of the error where there was no answer
 * @param complete whether the log was read to its end
 * @param measuredFrom start of the measured phase
 * @param firstResponse end of the first measured response; requests sent before it are the initial
 *     burst
 * @param start when each shown request was sent; of many requests a sample is shown
 * @param ttft time to first token of each shown request, ms
 * @param latency latency of each shown request, ms
 * @param kind of each shown request: 0 measured, 1 warm-up, 2 failed
 * @param perSecond measured requests that succeeded, by second of completion since {@code
 *     measuredFrom}
 * @param errorsPerSecond the same for failed requests
 * @param inFlight mean number of requests in flight in each second since {@code measuredFrom};
 *     counts only requests in the log, so that it is too low at the end of a log that still grows
 * @param ttftQuantiles TTFT of measured requests from minimum to maximum, in even steps of rank
 * @param latencyQuantiles the same for latency
 * @param stalls start and end of periods of the measured phase without a response
 */
public record RequestData(
    long origin,
    long total,
    long warmup,
    long errors,
    Map<String, Integer> errorKinds,
    boolean complete,
    double measuredFrom,
    double firstResponse,
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

  /** Kind of a measured request. */
  static final int MEASURED = 0;

  /** Kind of a warm-up request. */
  static final int WARMUP = 1;

  /** Kind of a measured request that failed. */
  static final int FAILED = 2;

  public RequestData {
    errorKinds = Map.copyOf(errorKinds);
    stalls = List.copyOf(stalls);
  }
}
