package dev.caravan.pipeline.target;

import dev.caravan.config.Target;
import java.net.URI;
import java.util.Optional;

/** Turns URLs and text from a target into safe log text. */
public final class ReadinessText {

  private static final int MAX_BODY = 160;

  private ReadinessText() {}

  /** A URL without user, password and query. */
  public static String url(URI uri) {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return clean(uri.getScheme() + "://" + host + path, 300);
  }

  /** The path of a URL. */
  public static String path(URI uri) {
    String path = uri.getRawPath();
    return path == null || path.isEmpty() ? "/" : clean(path, 200);
  }

  /** Host and port of a URL. Unlike {@link Target}, it keeps the host name as written. */
  static String address(URI uri) {
    String address = url(uri).replaceFirst("^[^/]*//", "").replaceFirst("/.*$", "");
    boolean hasPort = address.matches(".*:\\d+");
    return hasPort
        ? address
        : address + ("https".equalsIgnoreCase(uri.getScheme()) ? ":443" : ":80");
  }

  /** The target of a redirect; empty if it is not a URL. */
  static Optional<URI> resolve(URI requested, String location) {
    try {
      return Optional.of(requested.resolve(URI.create(location)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The start of a body as a message suffix, {@code ": text"}; empty if the body is. */
  public static String suffix(String body) {
    String text = clean(body.strip(), MAX_BODY);
    return text.isEmpty() ? "" : ": " + text;
  }

  /**
   * One line of at most {@code maxLength} characters. White space becomes a single space; control
   * and format characters are escaped, for example as {@code \\u001b}.
   */
  public static String clean(String text, int maxLength) {
    String start = text.substring(0, Math.min(text.length(), 4 * maxLength));
    StringBuilder clean = new StringBuilder();
    start
        .replaceAll("\\s+", " ")
        .codePoints()
        .forEach(
            c -> clean.append(isHarmless(c) ? Character.toString(c) : String.format("\\u%04x", c)));
    boolean whole = clean.length() <= maxLength && start.length() == text.length();
    return whole ? clean.toString() : clean.substring(0, Math.min(clean.length(), maxLength)) + "…";
  }

  private static boolean isHarmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
