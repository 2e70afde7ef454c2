package dev.caravan.pipeline.target;

import java.net.URI;
import java.util.Optional;

/** Makes what a target sent, or a url, fit for a line of a log. */
public final class ReadinessText {

  private static final int SNIPPET = 160;

  private ReadinessText() {}

  /** A url without user, password and query. */
  public static String url(URI uri) {
    String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    return clean(uri.getScheme() + "://" + host + path, 300);
  }

  /** The path of a url. */
  public static String path(URI uri) {
    String path = uri.getRawPath();
    return path == null || path.isEmpty() ? "/" : clean(path, 200);
  }

  /** Host and port of a url as its {@link Target} gives them, but with the name as written. */
  static String address(URI uri) {
    String address = url(uri).replaceFirst("^[^/]*//", "").replaceFirst("/.*$", "");
    boolean hasPort = address.matches(".*:\\d+");
    return hasPort
        ? address
        : address + ("https".equalsIgnoreCase(uri.getScheme()) ? ":443" : ":80");
  }

  /** A redirect's aim; empty when it is no url. */
  static Optional<URI> resolve(URI asked, String location) {
    try {
      return Optional.of(asked.resolve(URI.create(location)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The start of a body, to be put after other words; empty when the body is. */
  public static String quote(String body) {
    String text = clean(body.strip(), SNIPPET);
    return text.isEmpty() ? "" : ": " + text;
  }

  /**
   * One line of at most so many characters: white space becomes one space, anything else that a
   * terminal would act on becomes {@code \\u001b} and the like.
   */
  public static String clean(String text, int most) {
    String start = text.substring(0, Math.min(text.length(), 4 * most));
    StringBuilder clean = new StringBuilder();
    start
        .replaceAll("\\s+", " ")
        .codePoints()
        .forEach(
            c -> clean.append(isHarmless(c) ? Character.toString(c) : String.format("\\u%04x", c)));
    boolean whole = clean.length() <= most && start.length() == text.length();
    return whole ? clean.toString() : clean.substring(0, Math.min(clean.length(), most)) + "…";
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
