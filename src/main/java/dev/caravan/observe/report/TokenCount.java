package dev.caravan.observe.report;

import dev.caravan.config.Parameters;
import java.util.Map;
import java.util.Set;

/**
 * How the tokens of a run were counted. Metrics in tokens are comparable across runs only when the
 * model's own tokenizer or the service counted them.
 *
 * @param message the counter, such as {@code tokenizer of llama-70b}
 * @param trusted whether it is the model's own count
 */
public record TokenCount(String message, boolean trusted) {

  /** Names of aiperf's generic tokenizers, which belong to no model. */
  private static final Set<String> GENERIC =
      Set.of("builtin", "o200k_base", "cl100k_base", "p50k_base", "r50k_base", "gpt2");

  /** A warning against comparing metrics in tokens; empty when the count is the model's own. */
  public static String warning(Parameters parameters) {
    TokenCount count = of(parameters);
    return count.trusted ? "" : warning(count.message);
  }

  /** The warning for a count with this message that is not the model's own. */
  static String warning(String message) {
    return "Token counts use the " + message + ". Compare them only with results that used it too.";
  }

  static TokenCount of(Parameters parameters) {
    return of(
        parameters.values(),
        String.valueOf(parameters.values().getOrDefault("model", "")),
        parameters.tokenizer().orElse(""));
  }

  /** The count of a run with these parameters, model and tokenizer. */
  static TokenCount of(Map<String, Object> values, String model, String tokenizer) {
    if (Boolean.TRUE.equals(values.get("use_server_token_count"))) {
      return new TokenCount("reported by the service", true);
    }
    boolean own = tokenizer.isEmpty() || tokenizer.equalsIgnoreCase(model);
    if (!own && GENERIC.contains(tokenizer)) {
      return new TokenCount("generic \"" + tokenizer + "\" tokenizer, not the model's", false);
    }
    return own
        ? new TokenCount("tokenizer of " + model, true)
        : new TokenCount("tokenizer " + tokenizer, true);
  }
}
