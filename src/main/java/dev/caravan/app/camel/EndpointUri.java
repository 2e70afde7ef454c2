package dev.caravan.app.camel;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.camel.util.URISupport;

/**
 * The URI of an endpoint, of which only the scheme and the names of options are no secrets.
 *
 * @param text with all that it has
 */
record EndpointUri(String text) {

  /** Shorter ones also occur in ordinary words, and are no secrets. */
  private static final int MIN_HIDDEN = 4;

  /** The scheme. */
  String shown() {
    return scheme() + ":…";
  }

  /** A text about it, without this URI and without its parts. */
  String hideIn(String message) {
    String hidden = message.replace(text, shown()).replace(URISupport.sanitizeUri(text), shown());
    for (String part : parts()) {
      hidden = hidden.replace(part, "…");
    }
    return hidden;
  }

  private String scheme() {
    return text.substring(0, Math.max(0, text.indexOf(':')));
  }

  /** The longest first, which may contain others. */
  private String[] parts() {
    String rest = text.substring(text.indexOf(':') + 1);
    String path = rest.replaceFirst("(?s)\\?.*+", "").replaceFirst("^/++", "");
    String query = rest.substring(Math.min(rest.length(), rest.indexOf('?') + 1));
    return Stream.concat(Stream.of(path), Arrays.stream(query.split("&")).map(EndpointUri::value))
        .filter(part -> part.length() >= MIN_HIDDEN)
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toArray(String[]::new);
  }

  private static String value(String option) {
    String value = option.substring(option.indexOf('=') + 1);
    boolean isRaw = value.matches("RAW[({].*+") && value.length() > MIN_HIDDEN;
    return isRaw ? value.substring(MIN_HIDDEN, value.length() - 1) : value;
  }
}
