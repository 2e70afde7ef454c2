package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.RequestLine;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** Reads a run's request log into the data of its request plots. */
public final class RequestReader {

  private static final double NANOS = 1e9;
  private static final int QUANTILES = 200;
  private static final int MAX_SECONDS = 7_200;

  /** Kinds of errors that are told apart. */
  private static final int MAX_KINDS = 20;

  /** A stall is at least this long, in seconds, and this many times the mean response interval. */
  private static final double STALL_SECONDS = 2;

  private static final double STALL_FACTOR = 10;

  private final int maxShown;
  private final long maxBytes;

  /**
   * A reader.
   *
   * @param maxShown maximum number of shown requests that succeeded, and of those that failed
   * @param maxBytes about how many bytes are read from a log
   */
  public RequestReader(int maxShown, long maxBytes) {
    this.maxShown = maxShown;
    this.maxBytes = maxBytes;
  }

  /** The requests of the run in this folder; empty when its log is missing or empty. */
  public Optional<RequestData> read(Path runFolder) {
    Path file = new RunFolder(runFolder).requests();
    List<RequestLine> requests = new ArrayList<>();
    boolean complete = RequestLine.read(file, maxBytes, requests::add);
    return requests.isEmpty() ? Optional.empty() : Optional.of(data(requests, complete));
  }

  private RequestData data(List<RequestLine> all, boolean complete) {
    all.sort(Comparator.comparingLong(RequestLine::startNanos));
    long origin = all.get(0).startNanos();
    List<RequestLine> measured = all.stream().filter(request -> !request.isWarmup()).toList();
    List<RequestLine> succeeded =
        measured.stream().filter(request -> !request.hasFailed()).toList();
    long from = measured.isEmpty() ? origin : measured.get(0).startNanos();
    double[] ends =
        succeeded.stream()
            .mapToDouble(r -> (r.endNanos() - origin) / NANOS)
            .filter(t -> t > 0)
            .toArray();
    Arrays.sort(ends);
    List<RequestLine> shown = shown(all);
    return new RequestData(
        origin,
        all.size(),
        all.size() - measured.size(),
        measured.size() - succeeded.size(),
        errorKinds(measured),
        complete,
        (from - origin) / NANOS,
        ends.length == 0 ? (from - origin) / NANOS : ends[0],
        values(shown, request -> (request.startNanos() - origin) / NANOS),
        values(shown, request -> request.ttft()),
        values(shown, request -> request.latency()),
        shown.stream().mapToInt(RequestReader::kind).toArray(),
        perSecond(succeeded, from),
        perSecond(measured.stream().filter(request -> request.hasFailed()).toList(), from),
        inFlight(measured, from),
        quantiles(succeeded, request -> request.ttft()),
        quantiles(succeeded, request -> request.latency()),
        stalls(ends));
  }

  /** All requests when they are few, else every n-th failed one and every n-th other one. */
  private List<RequestLine> shown(List<RequestLine> all) {
    long succeeded = all.stream().filter(request -> !request.hasFailed()).count();
    int step = step(succeeded);
    int failedStep = step(all.size() - succeeded);
    List<RequestLine> shown = new ArrayList<>();
    int others = 0;
    int failed = 0;
    for (RequestLine request : all) {
      if (request.hasFailed() ? failed++ % failedStep == 0 : others++ % step == 0) {
        shown.add(request);
      }
    }
    return shown;
  }

  private int step(long requests) {
    return (int) Math.max(1, (requests + maxShown - 1) / maxShown);
  }

  private static int kind(RequestLine request) {
    return request.isWarmup()
        ? RequestData.WARMUP
        : request.hasFailed() ? RequestData.FAILED : RequestData.MEASURED;
  }

  private static Map<String, Integer> errorKinds(List<RequestLine> measured) {
    Map<String, Integer> kinds = new TreeMap<>();
    for (RequestLine request : measured) {
      if (request.hasFailed()) {
        String kind = request.errorKind();
        boolean isListed = kinds.size() < MAX_KINDS || kinds.containsKey(kind);
        kinds.merge(isListed ? kind : RequestLine.OTHER_ERROR, 1, Integer::sum);
      }
    }
    return kinds;
  }

  private static double[] values(List<RequestLine> requests, ToDoubleFunction<RequestLine> value) {
    return requests.stream().mapToDouble(value).toArray();
  }

  private static int[] perSecond(List<RequestLine> requests, long from) {
    int[] seconds =
        requests.stream()
            .filter(request -> request.endNanos() >= from)
            .mapToInt(request -> (int) Math.min(MAX_SECONDS, (request.endNanos() - from) / 1e9))
            .toArray();
    int[] counts = new int[Arrays.stream(seconds).max().orElse(-1) + 1];
    Arrays.stream(seconds).forEach(second -> counts[second]++);
    return counts;
  }

  private static double[] inFlight(List<RequestLine> measured, long from) {
    long last = measured.stream().mapToLong(request -> request.endNanos()).max().orElse(from);
    int seconds = (int) Math.max(0, Math.min(MAX_SECONDS, (last - from) / (long) NANOS));
    double[] means = new double[seconds + 1];
    double[] change = new double[seconds + 2];
    for (RequestLine request : measured) {
      double begin = Math.max(0, (request.startNanos() - from) / NANOS);
      double end = Math.min(seconds, (request.endNanos() - from) / NANOS);
      if (end > begin) {
        means[(int) begin] += Math.min(end, (int) begin + 1) - begin;
        if ((int) end > (int) begin) {
          means[(int) end] += end - (int) end;
          change[(int) begin + 1]++; // whole seconds in between
          change[(int) end]--;
        }
      }
    }
    Arrays.parallelPrefix(change, Double::sum);
    Arrays.setAll(means, second -> means[second] + change[second]);
    return Arrays.copyOf(means, seconds);
  }

  private static double[] quantiles(
      List<RequestLine> requests, ToDoubleFunction<RequestLine> value) {
    double[] sorted =
        requests.stream().mapToDouble(value).filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) {
      return sorted;
    }
    int steps = Math.min(QUANTILES, sorted.length - 1);
    double[] quantiles = new double[steps + 1];
    for (int i = 0; i <= steps; i++) {
      quantiles[i] = sorted[(int) Math.round(i * (sorted.length - 1.0) / Math.max(1, steps))];
    }
    return quantiles;
  }

  private static List<double[]> stalls(double[] ends) {
    List<double[]> stalls = new ArrayList<>();
    double meanInterval =
        ends.length < 2 ? 0 : (ends[ends.length - 1] - ends[0]) / (ends.length - 1);
    double threshold = Math.max(STALL_SECONDS, STALL_FACTOR * meanInterval);
    for (int i = 1; i < ends.length; i++) {
      if (ends[i] - ends[i - 1] >= threshold) {
        stalls.add(new double[] {ends[i - 1], ends[i]});
      }
    }
    return stalls;
  }
}
