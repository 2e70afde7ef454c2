package dev.caravan.observe.http;

import dev.caravan.observe.report.Rounding;
import dev.caravan.pipeline.outcome.RequestLine;
import dev.caravan.pipeline.outcome.RequestTail;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run in progress delivers at present, from the end of its request log: the requests that
 * succeeded within the last seconds. aiperf logs a request up to a second after it ended.
 */
final class LiveRates {

  /** About 400 requests, which take some 10 ms to read. */
  private static final int TAIL_BYTES = 1 << 20;

  private static final double NANOS = 1e9;
  private static final double WINDOW = 10;
  private static final double DELAY = 1;

  private LiveRates() {}

  /**
   * The rates in words, such as {@code last 10 s: 12.3 req/s · 246 tokens/s · TTFT p50 120 ms · n =
   * 123}; empty before a second has been measured.
   */
  static String of(Path runFolder, Instant now) {
    RequestTail tail = RequestTail.of(new RunFolder(runFolder).requests(), TAIL_BYTES);
    List<RequestLine> measured =
        tail.requests().stream().filter(request -> !request.isWarmup()).toList();
    double until = now.getEpochSecond() + now.getNano() / NANOS - DELAY;
    double since = Math.max(until - WINDOW, firstKnown(measured, tail.isWhole()));
    return until - since < 1 ? "" : text(measured, since, until);
  }

  /** From when on all requests are in the tail: the first start, or the first end if it is cut. */
  private static double firstKnown(List<RequestLine> measured, boolean isWhole) {
    return measured.stream()
        .mapToDouble(request -> (isWhole ? request.startNanos() : request.endNanos()) / NANOS)
        .min()
        .orElse(Double.MAX_VALUE);
  }

  private static String text(List<RequestLine> measured, double since, double until) {
    List<RequestLine> recent =
        measured.stream()
            .filter(request -> !request.hasFailed())
            .filter(request -> request.endNanos() / NANOS > since)
            .filter(request -> request.endNanos() / NANOS <= until)
            .toList();
    double span = until - since;
    List<String> parts = new ArrayList<>();
    parts.add(Rounding.of(recent.size() / span) + " req/s");
    if (!recent.isEmpty() && recent.stream().allMatch(request -> request.tokens() >= 0)) {
      parts.add(
          Rounding.of(recent.stream().mapToLong(RequestLine::tokens).sum() / span) + " tokens/s");
    }
    double[] ttft =
        recent.stream().mapToDouble(RequestLine::ttft).filter(Double::isFinite).sorted().toArray();
    if (ttft.length > 0) {
      parts.add("TTFT p50 " + Rounding.of(ttft[ttft.length / 2]) + " ms");
    }
    parts.add("n = " + recent.size());
    return "last " + Math.round(span) + " s: " + String.join(" · ", parts);
  }
}
