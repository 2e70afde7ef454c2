package dev.caravan.app.camel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The values of {@code {{…}}} in routes. */
record RouteProperties(Map<String, String> values) {

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}]+)}}");

  /** A value may name another property; deeper than this, one names itself. */
  private static final int DEPTH = 5;

  /** These, and the parameters of a route template. */
  RouteProperties with(Map<String, String> parameters) {
    Map<String, String> all = new HashMap<>(values);
    all.putAll(parameters);
    return new RouteProperties(Map.copyOf(all));
  }

  /** The properties that a text needs, but nobody has set. */
  List<String> unknown(String text) {
    return PLACEHOLDER
        .matcher(text)
        .results()
        .map(result -> result.group(1).strip())
        .filter(key -> !key.contains(":") && !key.startsWith("?") && !values.containsKey(key))
        .toList();
  }

  /** The text with all values in place; empty if one is only known while routes run. */
  Optional<String> resolve(String text) {
    String resolved = text;
    for (int i = 0; i < DEPTH && PLACEHOLDER.matcher(resolved).find(); i++) {
      Matcher matcher = PLACEHOLDER.matcher(resolved);
      resolved = matcher.replaceAll(result -> Matcher.quoteReplacement(value(result)));
    }
    return PLACEHOLDER.matcher(resolved).find() ? Optional.empty() : Optional.of(resolved);
  }

  /** Without a value, the placeholder itself; what follows a colon is a default. */
  private String value(MatchResult placeholder) {
    String[] key = placeholder.group(1).strip().split(":", 2);
    String value = values.get(key[0]);
    boolean isFunction = key.length > 1 && key[0].matches("env|sys|bean|service.*|file");
    if (value != null) {
      return value;
    }
    return key.length > 1 && !isFunction ? key[1] : placeholder.group();
  }
}
