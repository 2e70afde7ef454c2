package dev.caravan.observe.http;

import dev.caravan.observe.report.Rounding;
import dev.caravan.pipeline.outcome.RequestLine;
import dev.caravan.pipeline.outcome.RequestTail;
import dev.caravan.storage.RunFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.statistics.descriptive.Median;

/**
 * What a run in progress delivers at present, from the end of its request log: the requests that
 * succeeded within the last seconds. aiperf logs a request up to a second after it ended.
 */
final class LiveRates {

  /** About 400 requests, which take some 10 ms to read. */
  private static final int TAIL_BYTES = 1 << 20;

  /** Of a service so fast that the usual tail does not reach back a second. */
  private static final int LONG_TAIL_BYTES = 8 << 20;

  private static final double NANOS = 1e9;
  private static final double WINDOW = 10;
  private static final double DELAY = 1;
  private static final double LEAST_SPAN = 1;

  /** Of the longest tail: it has hundreds of requests even so. */
  private static final double LEAST_CUT_SPAN = 0.2;

  private LiveRates() {}

  /**
   * The rates in words, such as {@code last 10 s: 12.3 req/s · 246 tokens/s · TTFT p50 120 ms · n =
   * 123}; empty before a second has been measured.
   */
  static String of(Path runFolder, Instant now) {
    double until = now.getEpochSecond() + now.getNano() / NANOS - DELAY;
    Span usual = Span.of(runFolder, TAIL_BYTES, until);
    boolean isShort =
        !usual.isWhole() && !usual.measured().isEmpty() && usual.seconds() < LEAST_SPAN;
    Span span = isShort ? Span.of(runFolder, LONG_TAIL_BYTES, until) : usual;
    double least = span.isWhole() ? LEAST_SPAN : LEAST_CUT_SPAN;
    return span.seconds() < least ? "" : text(span.measured(), span.since(), until);
  }

  /**
   * The measured requests of a tail, and the seconds of which they are all.
   *
   * @param isWhole whether they are all that were measured: those of the warm-up end before
   */
  private record Span(List<RequestLine> measured, boolean isWhole, double since, double until) {

    static Span of(Path runFolder, int maxBytes, double until) {
      RequestTail tail = RequestTail.of(new RunFolder(runFolder).requests(), maxBytes);
      List<RequestLine> requests = tail.requests();
      List<RequestLine> measured =
          requests.stream().filter(request -> !request.isWarmup()).toList();
      boolean isWhole = tail.isWhole() || measured.size() < requests.size();
      double since = Math.max(until - WINDOW, firstKnown(measured, isWhole));
      return new Span(measured, isWhole, since, until);
    }

    double seconds() {
      return until - since;
    }
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
        recent.stream().mapToDouble(RequestLine::ttft).filter(Double::isFinite).toArray();
    if (ttft.length > 0) {
      parts.add("TTFT p50 " + Rounding.of(Median.withDefaults().evaluate(ttft)) + " ms");
    }
    parts.add("n = " + recent.size());
    String seconds = span < 1 ? Rounding.of(span) : String.valueOf(Math.round(span));
    return "last " + seconds + " s: " + String.join(" · ", parts);
  }
}
