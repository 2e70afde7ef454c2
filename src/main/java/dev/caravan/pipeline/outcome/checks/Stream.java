package dev.caravan.pipeline.outcome.checks;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.apache.commons.statistics.descriptive.Median;

/** Streams that arrive in one piece, in a few large ones, or with a first token too early. */
final class Stream implements Check {

  private static final double FEWEST_TOKENS = 8;

  /** More than speculative decoding makes at a time. */
  private static final double MOST_TOKENS_A_PIECE = 10;

  /** Services that prefill and decode apart pause after the first token, but not that long. */
  private static final double TIMES = 10;

  private static final double HELD_PERCENT = 10;

  private static final double WRITING_MILLIS = 100;

  @Override
  public Description description() {
    return new Description(
        "stream",
        "time to first token, % of the latency (medians), of streams in at most two pieces",
        Thresholds.above(Level.WARNING, 90),
        "with streaming, half of the replies of 8 or more tokens arrive in at most two pieces, the"
            + " first token after more than 90 % of the latency; or in pieces of more than 10"
            + " tokens, the second token together with the first; or the second token takes over 10"
            + " times as long as the first, and as those after it; or more than 10 % of the"
            + " replies, of 32 or more tokens, arrive all at once, while the others take 0.1 s or"
            + " more from the first token to the last",
        "Something between the model and aiperf buffers the stream. The time to first token is"
            + " then that of a whole piece, or the whole latency, and the time between tokens is 0."
            + " Or a gateway sends a first token that is not the model's, and hides the time to"
            + " that one.",
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
    double first = ttft.getAsDouble();
    String message =
        "streams of %s tokens arrive in %s, the first token after %s of %s"
            .formatted(
                Figures.number(tokens.getAsDouble()),
                pieces(chunks.getAsDouble()),
                Figures.millis(first),
                Figures.millis(latency.getAsDouble()));
    if (chunks.getAsDouble() <= Requests.FEW_CHUNKS && tokens.getAsDouble() >= FEWEST_TOKENS) {
      double share = 100 * first / latency.getAsDouble();
      Examination onePiece = compare(share, thresholds, message, description().advice());
      if (onePiece instanceof Finding) {
        return onePiece;
      }
    }
    double each = tokens.getAsDouble() / Math.max(1, chunks.getAsDouble());
    boolean isInFew = each > MOST_TOKENS_A_PIECE && second(evidence).orElse(1) == 0;
    return isInFew
        ? finding(Level.WARNING, each, MOST_TOKENS_A_PIECE, message, description().advice())
        : early(evidence, first).orElseGet(() -> some(evidence));
  }

  /** One of several replicas, or of the ways to them, may hold streams back. */
  private Examination some(Evidence evidence) {
    Optional<Requests> requests =
        new Client().isSlow(evidence) // reads what has come together meanwhile
            ? Optional.empty()
            : evidence.requests().filter(Stream::takeTime);
    long held = requests.map(Requests::heldBack).orElse(0L);
    long all = requests.map(Requests::count).orElse(0);
    double share = 100.0 * held / Math.max(1, all);
    String message =
        "%s of %s streams arrive all at once, at the end of their latency"
            .formatted(Figures.count(held), Figures.count(all));
    return share > HELD_PERCENT
        ? finding(Level.WARNING, share, HELD_PERCENT, message, description().advice())
        : Examination.SILENT;
  }

  private static boolean takeTime(Requests requests) {
    double[] writing = requests.firstTokens(0);
    Arrays.setAll(writing, i -> requests.latency(i) - writing[i]);
    return writing.length > 0 && Median.withDefaults().evaluate(writing) >= WRITING_MILLIS;
  }

  /** A gateway sends a first token of its own, such as a blank, to keep the connection open. */
  private Optional<Examination> early(Evidence evidence, double first) {
    double second = second(evidence).orElse(0);
    double usual = evidence.median("inter_token_latency").orElse(Double.POSITIVE_INFINITY);
    return second > TIMES * first && second > TIMES * usual
        ? Optional.of(
            finding(
                Level.WARNING,
                second / first,
                TIMES,
                "the first token arrives after %s, the second %s later, the others every %s"
                    .formatted(
                        Figures.millis(first), Figures.millis(second), Figures.millis(usual)),
                "see what the first chunk of a reply holds, as with curl -N: if a gateway sends it"
                    + " before the model answers, turn that off"))
        : Optional.empty();
  }

  private static OptionalDouble second(Evidence evidence) {
    return evidence.median("time_to_second_token");
  }

  private static String pieces(double chunks) {
    return Figures.number(chunks) + (chunks == 1 ? " piece" : " pieces");
  }
}
