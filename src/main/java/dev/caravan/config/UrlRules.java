package dev.caravan.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks the base URL of a service. It does not use {@link java.net.URI}, which rejects host names
 * with an underscore, as container networks have them.
 */
final class UrlRules {

  private static final Pattern PARTS =
      Pattern.compile("(?i)https?://(?<authority>[^/?#]*)(?<path>/[^?#]*)?(?<rest>[?#].*)?");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::(?<port>[0-9]{1,5}))?");
  private static final Pattern PATH = Pattern.compile("[!-~&&[^\"<>\\\\^`{|},]]*");
  private static final int MAX_PORT = 65_535;

  private UrlRules() {}

  /** The rule that this URL breaks; the message never repeats any part of the URL. */
  static Optional<String> violation(String url) {
    Matcher parts = PARTS.matcher(url);
    if (!parts.matches()) {
      return Optional.of("must start with http:// or https://, such as http://127.0.0.1:8000");
    }
    if (parts.group("authority").contains("@")) {
      return Optional.of(
          "must not contain a user or password; use api_key_env_var to name a variable with the key");
    }
    if (parts.group("rest") != null) {
      return Optional.of("must not contain a query or a fragment (\"?\", \"#\")");
    }
    return authority(parts.group("authority")).or(() -> path(parts.group("path")));
  }

  private static Optional<String> authority(String authority) {
    Matcher matcher = AUTHORITY.matcher(authority);
    if (!matcher.matches()) {
      return authority.contains(",")
          ? TextRules.noComma(authority)
          : Optional.of("must name a host, optionally followed by a port");
    }
    String port = matcher.group("port");
    return port == null || (Integer.parseInt(port) > 0 && Integer.parseInt(port) <= MAX_PORT)
        ? Optional.empty()
        : Optional.of("must have a port from 1 to " + MAX_PORT);
  }

  private static Optional<String> path(String path) {
    if (path == null || PATH.matcher(path).matches()) {
      return Optional.empty();
    }
    return path.contains(",")
        ? TextRules.noComma(path)
        : Optional.of("must not contain spaces or characters that are invalid in a URL");
  }
}
