package dev.caravan.observe.report;

import dev.caravan.observe.report.RequestLines.Request;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** Reads a run's request log into the data of its request plots. */
public final class RequestReader {

  private static final double NANOS = 1e9;
  private static final int QUANTILES = 200;
  private static final int MAX_SECONDS = 7_200;

  /** A stall is at least this long, in seconds, and this many times the mean response interval. */
  private static final double STALL_SECONDS = 2;

  private static final double STALL_FACTOR = 10;

  private final int maxShown;
  private final long maxChars;

  /**
   * A reader.
   *
   * @param maxShown maximum number of shown requests that succeeded, and of those that failed
   * @param maxChars maximum number of characters read from a log
   */
  public RequestReader(int maxShown, long maxChars) {
    this.maxShown = maxShown;
    this.maxChars = maxChars;
  }

  /** The requests of the run in this folder; empty when its log is missing or empty. */
  public Optional<RequestData> read(Path runFolder) {
    Path file = new RunFolder(runFolder).requests();
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      RequestLines.Log log = RequestLines.read(file, maxChars);
      return log.requests().isEmpty() ? Optional.empty() : Optional.of(data(log));
    } catch (IOException e) {
      return Optional.empty(); // a report without this run's requests is still a report
    }
  }

  private RequestData data(RequestLines.Log log) {
    List<Request> all = new ArrayList<>(log.requests());
    all.sort(Comparator.comparingLong(request -> request.startNanos));
    long origin = all.get(0).startNanos;
    List<Request> measured = all.stream().filter(request -> !request.warmup).toList();
    List<Request> succeeded = measured.stream().filter(request -> !request.failed).toList();
    long from = measured.isEmpty() ? origin : measured.get(0).startNanos;
    double[] ends =
        succeeded.stream()
            .mapToDouble(r -> (r.endNanos - origin) / NANOS)
            .filter(t -> t > 0)
            .toArray();
    Arrays.sort(ends);
    List<Request> shown = shown(all);
    return new RequestData(
        all.size(),
        all.size() - measured.size(),
        measured.size() - succeeded.size(),
        log.complete(),
        (from - origin) / NANOS,
        ends.length == 0 ? (from - origin) / NANOS : ends[0],
        values(shown, request -> (request.startNanos - origin) / NANOS),
        values(shown, request -> request.ttft),
        values(shown, request -> request.latency),
        shown.stream().mapToInt(RequestReader::kind).toArray(),
        perSecond(succeeded, from),
        perSecond(measured.stream().filter(request -> request.failed).toList(), from),
        inFlight(measured, from),
        quantiles(succeeded, request -> request.ttft),
        quantiles(succeeded, request -> request.latency),
        stalls(ends));
  }

  /** All requests when they are few, else every n-th failed one and every n-th other one. */
  private List<Request> shown(List<Request> all) {
    long succeeded = all.stream().filter(request -> !request.failed).count();
    int step = step(succeeded);
    int failedStep = step(all.size() - succeeded);
    List<Request> shown = new ArrayList<>();
    int others = 0;
    int failed = 0;
    for (Request request : all) {
      if (request.failed ? failed++ % failedStep == 0 : others++ % step == 0) {
        shown.add(request);
      }
    }
    return shown;
  }

  private int step(long requests) {
    return (int) Math.max(1, (requests + maxShown - 1) / maxShown);
  }

  private static int kind(Request request) {
    return request.warmup
        ? RequestData.WARMUP
        : request.failed ? RequestData.FAILED : RequestData.MEASURED;
  }

  private static double[] values(List<Request> requests, ToDoubleFunction<Request> value) {
    return requests.stream().mapToDouble(value).toArray();
  }

  private static int[] perSecond(List<Request> requests, long from) {
    int[] seconds =
        requests.stream()
            .filter(request -> request.endNanos >= from)
            .mapToInt(request -> (int) Math.min(MAX_SECONDS, (request.endNanos - from) / 1e9))
            .toArray();
    int[] counts = new int[Arrays.stream(seconds).max().orElse(-1) + 1];
    Arrays.stream(seconds).forEach(second -> counts[second]++);
    return counts;
  }

  private static double[] inFlight(List<Request> measured, long from) {
    long last = measured.stream().mapToLong(request -> request.endNanos).max().orElse(from);
    int seconds = (int) Math.max(0, Math.min(MAX_SECONDS, (last - from) / (long) NANOS));
    double[] means = new double[seconds + 1];
    double[] change = new double[seconds + 2];
    for (Request request : measured) {
      double begin = Math.max(0, (request.startNanos - from) / NANOS);
      double end = Math.min(seconds, (request.endNanos - from) / NANOS);
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

  private static double[] quantiles(List<Request> requests, ToDoubleFunction<Request> value) {
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
