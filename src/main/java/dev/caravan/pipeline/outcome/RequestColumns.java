package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.outcome.checks.ReplyLengths;
import dev.caravan.pipeline.outcome.checks.Requests;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * Reads aiperf's request log into the columns that checks need, in one pass: 24 bytes a request,
 * whatever its line has, for up to a million.
 */
final class RequestColumns {

  /** About 1.7 million requests. */
  static final ReadLimits LIMITS = new ReadLimits(4L << 30, Duration.ofSeconds(60));

  /** Bounds the heap; requests beyond are left out, and the log counts as incomplete. */
  private static final int MAX_REQUESTS = 1_000_000;

  private static final int MAX_LENGTHS = 10_000;

  /** Conversations are counted by the bits that their hashes set. */
  private static final int BITS = 1 << 24;

  private long[] starts = new long[1_024];
  private float[] latencies = new float[1_024];
  private float[] ttfts = new float[1_024];
  private float[] reported = new float[1_024];
  private int size;
  private boolean complete = true;
  private final Map<Integer, Long> lengths = new HashMap<>();
  private final Map<Integer, Long> untold = new HashMap<>();
  private long miscounted;
  private final DoubleSummaryStatistics requested = new DoubleSummaryStatistics();
  private final BitSet conversations = new BitSet();
  private long heldBack;

  private RequestColumns() {}

  /** The answered requests of the measured phase; empty when there are none. */
  static Optional<Requests> read(Path file, ReadLimits limits) {
    RequestColumns columns = new RequestColumns();
    boolean read = RequestLine.read(file, limits, columns::add);
    columns.complete &= read; // after all requests, which change it too
    return columns.size == 0 ? Optional.empty() : Optional.of(columns.requests());
  }

  private void add(RequestLine line) {
    if (line.isWarmup() || line.hasFailed() || line.endNanos() < line.startNanos()) {
      return;
    }
    if (size == MAX_REQUESTS) {
      complete = false;
      return;
    }
    if (size == starts.length) {
      int larger = Math.min(MAX_REQUESTS, size + (size >> 1));
      starts = Arrays.copyOf(starts, larger);
      latencies = Arrays.copyOf(latencies, larger);
      ttfts = Arrays.copyOf(ttfts, larger);
      reported = Arrays.copyOf(reported, larger);
    }
    starts[size] = line.startNanos();
    latencies[size] = (float) ((line.endNanos() - line.startNanos()) / 1e6);
    ttfts[size] = (float) line.ttft();
    reported[size] = (float) line.latency();
    size++;
    addLengths(line);
    heldBack += isHeldBack(line) ? 1 : 0;
    addRequested(line);
    if (!line.conversation().isEmpty()) {
      conversations.set(hash(line.conversation()) & (BITS - 1));
    }
  }

  private static boolean isHeldBack(RequestLine line) {
    return Requests.isHeldBack(line.chunks(), line.tokens(), line.ttft(), line.latency());
  }

  private void addLengths(RequestLine line) {
    int length = line.tokens();
    boolean isKnown = length >= 0 && (lengths.size() < MAX_LENGTHS || lengths.containsKey(length));
    if (isKnown) {
      lengths.merge(length, 1L, Long::sum);
    }
    if (line.countedByService() < 0) {
      untold.merge(isKnown ? length : ReplyLengths.UNKNOWN, 1L, Long::sum);
    }
  }

  private void addRequested(RequestLine line) {
    double asked = line.requested();
    if (Double.isFinite(asked)) {
      requested.accept(asked);
    }
    if (ReplyLengths.isMiscounted(asked, line.tokens(), line.countedByService())) {
      miscounted++;
    }
  }

  private OptionalDouble meanRequested() {
    return DoubleStream.of(requested.getAverage())
        .filter(mean -> requested.getCount() > 0 && Double.isFinite(mean))
        .findFirst();
  }

  /** A hash whose low bits depend on all characters: the names differ in their last digits. */
  private static int hash(String text) {
    int hash = text.hashCode() * 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }

  private Requests requests() {
    return Requests.of(
        starts,
        latencies,
        ttfts,
        reported,
        size,
        new ReplyLengths(lengths, miscounted, meanRequested(), untold),
        distinct(),
        heldBack,
        complete);
  }

  /** The number of conversations that set so many bits, some of which set the same. */
  private long distinct() {
    double set = conversations.cardinality();
    return Math.round(-BITS * Math.log1p(-set / BITS));
  }
}
