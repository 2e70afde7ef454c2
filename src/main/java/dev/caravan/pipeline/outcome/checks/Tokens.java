package dev.caravan.pipeline.outcome.checks;

import java.util.Map;
import java.util.OptionalDouble;

/** Token counts on which aiperf and the service disagree. */
final class Tokens implements Check {

  private static final double TEMPLATE = 80;

  /** The end of a reply, which only the service counts. */
  private static final double END = 1;

  /** A tokenizer that may not be the model's is trusted up to this part of the threshold. */
  private static final double FOREIGN = 0.2;

  @Override
  public Description description() {
    return new Description(
        "tokens",
        "difference between aiperf's and the service's token counts, %",
        Thresholds.above(Level.WARNING, 10),
        "the service counts over 10 % more or fewer completion tokens than aiperf (2 % and one"
            + " token with a tokenizer that is not named like the model), or prompt tokens beyond"
            + " a chat template of 80. Only a note with the generic tokenizer builtin, if"
            + " reasoning tokens explain it, or if only prompts are longer for the service. Or,"
            + " with use_server_token_count, the service does not count over 10 % of the replies,"
            + " such as streams that break off",
        "Tokens per second and the time between tokens are then in tokens of the wrong tokenizer."
            + " Replies that the service does not count have no tokens for aiperf.",
        "use_server_token_count: true");
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    OptionalDouble completion = evidence.mean("usage_completion_tokens_diff_pct");
    if (evidence.workload().usesServerTokenCount()) {
      return uncounted(evidence, thresholds);
    }
    if (completion.isEmpty()) {
      return Examination.unchecked("the service reports no token counts");
    }
    double reply = replyDifference(evidence, completion.getAsDouble());
    double prompt = promptDifference(evidence);
    double figure = Math.max(reply, prompt);
    boolean isPrompt = prompt > reply;
    String message =
        "the service counts %s tokens per %s, aiperf %s (a difference of %s)"
            .formatted(
                number(evidence, isPrompt ? "usage_prompt_tokens" : "usage_completion_tokens"),
                isPrompt ? "prompt" : "reply",
                number(evidence, isPrompt ? "input_sequence_length" : "output_sequence_length"),
                Figures.percent(figure));
    Examination result =
        compare(figure, trusted(evidence, thresholds, reply), message, description().advice());
    boolean isTemplate =
        isPrompt && isLongerForTheService(evidence) && !thresholds.isPassed(Level.WARNING, reply);
    return isExplained(evidence) || isTemplate ? result.atMost(Level.NOTE) : result;
  }

  /** Aiperf takes replies that the service does not count for replies without tokens. */
  private Examination uncounted(Evidence evidence, Thresholds thresholds) {
    long uncounted = evidence.requests().map(log -> log.lengths().untoldCount()).orElse(0L);
    long all = evidence.requests().map(Requests::count).orElse(0);
    String message =
        "the service did not count the tokens of %s of %s replies, which add nothing to tokens"
            + " per second: did they break off?";
    if (uncounted > 0 && uncounted == all) { // so that there is no number of tokens
      return Examination.unchecked(
          "use_server_token_count is set, but the service counts no tokens");
    }
    Examination result =
        compare(
            100.0 * uncounted / Math.max(1, all),
            thresholds,
            message.formatted(Figures.count(uncounted), Figures.count(all)),
            "see whether replies end with a usage, as with curl -N; if they never do:"
                + " use_server_token_count: false");
    return result instanceof Finding
        ? result
        : Examination.unchecked("use_server_token_count uses the service's counts");
  }

  /** In percent of the reply, as far as it is more than the end of a reply. */
  private static double replyDifference(Evidence evidence, double percent) {
    double tokens = evidence.mean("output_sequence_length").orElse(Double.NaN);
    return percent / 100 * tokens <= END ? 0 : percent;
  }

  private static Thresholds trusted(Evidence evidence, Thresholds thresholds, double reply) {
    double least = FOREIGN * thresholds.of(Level.WARNING);
    return evidence.workload().hasForeignTokenizer() && reply > least
        ? thresholds.with(Map.of(Level.WARNING, least))
        : thresholds;
  }

  /** Templates with a system prompt of their own and images do that; a tokenizer does both. */
  private static boolean isLongerForTheService(Evidence evidence) {
    return evidence.mean("usage_prompt_tokens").orElse(0)
        > evidence.mean("input_sequence_length").orElse(0);
  }

  /** In percent of the prompt, beyond what a chat template adds. */
  private static double promptDifference(Evidence evidence) {
    OptionalDouble counted = evidence.mean("input_sequence_length");
    OptionalDouble reported = evidence.mean("usage_prompt_tokens");
    if (counted.isEmpty() || reported.isEmpty() || counted.getAsDouble() <= 0) {
      return 0;
    }
    double more = reported.getAsDouble() - counted.getAsDouble();
    double unexplained = more > 0 ? Math.max(0, more - TEMPLATE) : -more;
    return 100 * unexplained / counted.getAsDouble();
  }

  private static boolean isExplained(Evidence evidence) {
    return evidence.workload().hasStandInTokenizer()
        || evidence.mean("reasoning_token_count").orElse(0) > 0
        || evidence.mean("usage_reasoning_tokens").orElse(0) > 0;
  }

  private static String number(Evidence evidence, String tag) {
    OptionalDouble mean = evidence.mean(tag);
    return mean.isPresent() ? Figures.number(mean.getAsDouble()) : "an unknown number of";
  }
}
