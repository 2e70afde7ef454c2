package dev.caravan.observe.report;

import dev.caravan.config.Parameters;
import java.util.Map;
import java.util.Set;

/**
 * How the tokens of a run were counted. Figures in tokens can be compared with others only when the
 * model's own tokenizer counted them, or the service itself.
 *
 * @param message for people
 * @param trusted whether it is the model's own count
 */
public record TokenCount(String message, boolean trusted) {

  /** Names that aiperf takes for tokenizers of its own rather than of a model. */
  private static final Set<String> GENERAL =
      Set.of("builtin", "o200k_base", "cl100k_base", "p50k_base", "r50k_base", "gpt2");

  /** What to warn of before figures in tokens are compared; empty when they can be trusted. */
  public static String warning(Parameters parameters) {
    return of(parameters).warning();
  }

  /** The same of this count. */
  String warning() {
    return trusted ? "" : warning(message);
  }

  static String warning(String message) {
    return "Tokens were counted "
        + message
        + ": figures in tokens compare only with others counted so.";
  }

  static TokenCount of(Parameters parameters) {
    return of(
        parameters.values(),
        String.valueOf(parameters.values().getOrDefault("model", "")),
        parameters.tokenizer().orElse(""));
  }

  /** From a run's parameters as a map, with the model and the tokenizer it names. */
  static TokenCount of(Map<String, Object> values, String model, String tokenizer) {
    if (Boolean.TRUE.equals(values.get("use_server_token_count"))) {
      return new TokenCount("as the service counted them", true);
    }
    if (GENERAL.contains(tokenizer)) {
      return new TokenCount(
          "by the general tokenizer \"" + tokenizer + "\", not by the model's own", false);
    }
    if (tokenizer.isEmpty()) {
      return new TokenCount("by the tokenizer of " + model, true);
    }
    boolean own = tokenizer.equalsIgnoreCase(model);
    return own
        ? new TokenCount("by the tokenizer of " + model, true)
        : new TokenCount("by the tokenizer " + tokenizer, true);
  }
}
