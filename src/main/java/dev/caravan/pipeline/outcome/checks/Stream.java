package dev.caravan.pipeline.outcome.checks;

import java.util.OptionalDouble;
import java.util.Set;

/** Streams that arrive in one piece, or in a few large ones. */
final class Stream implements Check {

  private static final double CHUNKS = 2;
  private static final double FEWEST_TOKENS = 8;

  /** More than speculative decoding makes at a time. */
  private static final double MOST_TOKENS_A_PIECE = 10;

  @Override
  public Description description() {
    return new Description(
        "stream",
        "time to first token, % of the latency (medians), of streams in at most two pieces",
        Thresholds.above(Level.WARNING, 90),
        "with streaming, half of the replies of 8 or more tokens arrive in at most two pieces, and"
            + " the first token arrives after more than 90 % of the latency; or they arrive in"
            + " pieces of more than 10 tokens, the second token together with the first",
        "Something between the model and aiperf buffers the stream. The time to first token is"
            + " then that of a whole piece, or the whole latency, and the time between tokens is 0.",
        "turn off response buffering in the proxy, for example proxy_buffering off in nginx");
  }

  /** The time to first token is that of the last one, and there is no time between tokens. */
  @Override
  public Set<String> voids() {
    return Set.of("ttft_ms", "itl_ms", "output_tokens_per_s_per_user");
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    OptionalDouble chunks = evidence.median("http_req_chunks_received");
    OptionalDouble tokens = evidence.median("output_sequence_length");
    OptionalDouble ttft = evidence.median("time_to_first_token");
    OptionalDouble latency = evidence.median("request_latency");
    if (!evidence.workload().isStreaming()) {
      return Examination.unchecked("streaming is off");
    }
    if (chunks.isEmpty() || tokens.isEmpty() || ttft.isEmpty() || latency.isEmpty()) {
      return Examination.unchecked("aiperf did not report how the replies arrived");
    }
    boolean isInOnePiece = chunks.getAsDouble() <= CHUNKS && tokens.getAsDouble() >= FEWEST_TOKENS;
    double share = 100 * ttft.getAsDouble() / latency.getAsDouble();
    String message =
        "streams of %s tokens arrive in %s, the first token after %s of %s"
            .formatted(
                Figures.number(tokens.getAsDouble()),
                pieces(chunks.getAsDouble()),
                Figures.millis(ttft.getAsDouble()),
                Figures.millis(latency.getAsDouble()));
    Examination onePiece =
        isInOnePiece
            ? compare(share, thresholds, message, description().advice())
            : Examination.SILENT;
    double each = tokens.getAsDouble() / Math.max(1, chunks.getAsDouble());
    boolean isInFew =
        each > MOST_TOKENS_A_PIECE && evidence.median("time_to_second_token").orElse(1) == 0;
    return isInFew && !(onePiece instanceof Finding)
        ? finding(Level.WARNING, each, MOST_TOKENS_A_PIECE, message, description().advice())
        : onePiece;
  }

  private static String pieces(double chunks) {
    return Figures.number(chunks) + (chunks == 1 ? " piece" : " pieces");
  }
}
