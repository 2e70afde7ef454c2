package dev.caravan.pipeline.outcome.checks;

import java.util.Arrays;

/**
 * The answered requests of the measured phase, in the order of their starts, in columns: a run can
 * have millions of them.
 */
public final class Requests {

  private static final double UNITS_PER_SECOND = 10_000;
  private static final double NANOS_PER_UNIT = 1e9 / UNITS_PER_SECOND;

  /** Pieces in which a stream arrives that something collects. */
  static final double FEW_CHUNKS = 2;

  /** A client that is busy for a moment reads shorter ones at once, too. */
  private static final int LONG_REPLY = 32;

  private static final double LATE = 0.9;

  /** In units of 0.1 ms since the first start. */
  private final int[] starts;

  private final float[] latencies;
  private final float[] ttfts;

  /** As aiperf reports them, which may end with the last token; in any order. */
  private final float[] reported;

  private final ReplyLengths lengths;
  private final long distinctPrompts;
  private final long heldBack;
  private final boolean complete;

  private Requests(
      int[] starts,
      float[] latencies,
      float[] ttfts,
      float[] reported,
      ReplyLengths lengths,
      long distinctPrompts,
      long heldBack,
      boolean complete) {
    this.starts = starts;
    this.latencies = latencies;
    this.ttfts = ttfts;
    this.reported = reported;
    this.lengths = lengths;
    this.distinctPrompts = distinctPrompts;
    this.heldBack = heldBack;
    this.complete = complete;
  }

  /**
   * Requests in any order; more of the arrays than {@code count} is ignored.
   *
   * @param startNanos when each was sent, in ns
   * @param latencies in ms, to the end of each request
   * @param ttfts times to first token in ms; NaN where there is none
   * @param reported latencies in ms as aiperf reports them; NaN where there is none
   * @param count number of requests
   * @param lengths how long the replies are
   * @param distinctPrompts number of different prompts among them
   * @param heldBack number of replies among them that arrived all at once
   * @param complete whether these are all; they are not if any starts over two days after another
   */
  public static Requests of(
      long[] startNanos,
      float[] latencies,
      float[] ttfts,
      float[] reported,
      int count,
      ReplyLengths lengths,
      long distinctPrompts,
      long heldBack,
      boolean complete) {
    long first = Arrays.stream(startNanos, 0, count).min().orElse(0);
    long[] order = new long[count]; // sorts as the starts do, and holds where they were
    boolean fits = true;
    for (int i = 0; i < count; i++) {
      long units = (long) Math.min(Integer.MAX_VALUE, (startNanos[i] - first) / NANOS_PER_UNIT);
      fits &= units < Integer.MAX_VALUE;
      order[i] = units << Integer.SIZE | i;
    }
    Arrays.sort(order);
    int[] starts = new int[count];
    float[] sortedLatencies = new float[count];
    float[] sortedTtfts = new float[count];
    for (int i = 0; i < count; i++) {
      int from = (int) order[i];
      starts[i] = (int) (order[i] >>> Integer.SIZE);
      sortedLatencies[i] = latencies[from];
      sortedTtfts[i] = ttfts[from];
    }
    return new Requests(
        starts,
        sortedLatencies,
        sortedTtfts,
        Arrays.copyOf(reported, count),
        lengths,
        distinctPrompts,
        heldBack,
        complete && fits);
  }

  /** Number of requests. */
  public int count() {
    return starts.length;
  }

  /** Whether these are all. */
  public boolean isComplete() {
    return complete;
  }

  /** How long the replies are. */
  public ReplyLengths lengths() {
    return lengths;
  }

  /** Number of different prompts. */
  long distinctPrompts() {
    return distinctPrompts;
  }

  /** Number of replies that arrived all at once. */
  public long heldBack() {
    return heldBack;
  }

  /**
   * Whether a reply that takes time to write arrived all at once.
   *
   * @param chunks pieces in which it arrived; NaN if it is not known
   * @param tokens its length
   * @param ttft its time to first token
   * @param latency its latency, in the same unit
   */
  public static boolean isHeldBack(double chunks, int tokens, double ttft, double latency) {
    return chunks <= FEW_CHUNKS && tokens >= LONG_REPLY && ttft > LATE * latency;
  }

  /** Seconds from the first start to that of a request. */
  double start(int index) {
    return starts[index] / UNITS_PER_SECOND;
  }

  /** Seconds from the first start to the end of a request. */
  double end(int index) {
    return start(index) + latencies[index] / 1_000.0;
  }

  /** Latency of a request in ms. */
  double latency(int index) {
    return latencies[index];
  }

  /** Seconds from the first start to the last. */
  double lastStart() {
    return count() == 0 ? 0 : start(count() - 1);
  }

  /** Seconds from the first start to the last end. */
  double window() {
    double last = 0;
    for (int i = 0; i < count(); i++) {
      last = Math.max(last, end(i));
    }
    return last;
  }

  /** The latencies in ms of the requests from this one on, in the order of their starts. */
  double[] latencies(int from) {
    return doubles(latencies, from);
  }

  /** The times to first token in ms of the requests from this one on; empty if any has none. */
  double[] firstTokens(int from) {
    for (int i = from; i < count(); i++) {
      if (Float.isNaN(ttfts[i])) {
        return new double[0];
      }
    }
    return doubles(ttfts, from);
  }

  /** The latencies in ms as aiperf reports them, in any order; empty if any has none. */
  double[] reportedLatencies() {
    for (float latency : reported) {
      if (Float.isNaN(latency)) {
        return new double[0];
      }
    }
    return doubles(reported, 0);
  }

  /** The ends of all requests in seconds, sorted. */
  double[] sortedEnds() {
    double[] ends = new double[count()];
    Arrays.setAll(ends, this::end);
    Arrays.sort(ends);
    return ends;
  }

  /** The latencies in ms of the requests from this one on, in the order of their ends. */
  double[] latenciesByEnd(int from) {
    int size = Math.max(0, count() - from);
    long[] order = new long[size];
    for (int i = 0; i < size; i++) {
      order[i] = (long) (end(from + i) * UNITS_PER_SECOND) << Integer.SIZE | (from + i);
    }
    Arrays.sort(order);
    double[] sorted = new double[size];
    Arrays.setAll(sorted, i -> latencies[(int) order[i]]);
    return sorted;
  }

  private static double[] doubles(float[] values, int from) {
    double[] copy = new double[Math.max(0, values.length - from)];
    Arrays.setAll(copy, i -> values[from + i]);
    return copy;
  }
}
