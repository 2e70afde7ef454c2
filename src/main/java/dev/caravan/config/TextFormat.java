package dev.caravan.config;

import java.util.Optional;
import java.util.function.Function;

/** What a text must look like beyond being a text. */
public enum TextFormat {
  /** Any text that can be one argument of a command. */
  ANY(text -> Optional.empty()),
  /** One value of an aiperf flag that would split at commas. */
  NO_COMMA(TextRules::noComma),
  /** Base URL of a service. */
  URL(UrlRules::broken),
  /** Path on the service. */
  PATH(TextRules::path),
  /** Path on the service, or {@code none}. */
  PATH_OR_NONE(text -> text.equals("none") ? Optional.empty() : TextRules.path(text)),
  /** Name of an environment variable; what is no such name may be a secret and is not repeated. */
  VARIABLE(TextRules::variable),
  /** {@code <batch_name>/<timestamp>}, or the path of a batch folder. */
  BATCH(TextRules::batch),
  /** Name of a pool of workers. */
  POOL(TextRules::pool),
  /** A file in the place that {@link ConfigRules} knows. */
  FILE(text -> Optional.empty());

  private final Function<String, Optional<String>> rule;

  TextFormat(Function<String, Optional<String>> rule) {
    this.rule = rule;
  }

  /** The rule that this text breaks, in words; empty when it breaks none. */
  Optional<String> broken(String text) {
    return rule.apply(text);
  }
}
