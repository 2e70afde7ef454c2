package dev.caravan.config;

import java.util.Optional;
import java.util.function.Function;

/** What a string must look like, besides being valid as a command argument. */
public enum TextFormat {
  /** Any valid string. */
  ANY(text -> Optional.empty()),
  /** Value of an aiperf flag that would be split at commas. */
  NO_COMMA(TextRules::noComma),
  /** Base URL of a service. */
  URL(UrlRules::violation),
  /** Path on the service. */
  PATH(TextRules::path),
  /** Path on the service, with or without the leading slash. */
  ENDPOINT(TextRules::endpoint),
  /** Path on the service, with or without the leading slash; or {@code none}. */
  PATH_OR_NONE(TextRules::pathOrNone),
  /** Name of an environment variable. Anything else may be a secret and is not shown. */
  VARIABLE(TextRules::variable),
  /** {@code <batch_name>/<timestamp>}, or the path of a batch folder. */
  BATCH(TextRules::batch),
  /** Name of a pool of workers. */
  POOL(TextRules::pool),
  /** A file that {@link ConfigRules#inputFileRefusal} allows. */
  FILE(text -> Optional.empty());

  private final Function<String, Optional<String>> rule;

  TextFormat(Function<String, Optional<String>> rule) {
    this.rule = rule;
  }

  /** The string as it is passed to aiperf 0.13.0, which requires the leading slash of a path. */
  String normalize(String text) {
    boolean isPath = this == ENDPOINT || this == PATH_OR_NONE && !text.equals(TextRules.NONE);
    return isPath && !text.startsWith("/") ? "/" + text : text;
  }

  /** A message with the rule that this string breaks; empty if it is valid. */
  Optional<String> violation(String text) {
    return rule.apply(text);
  }
}
