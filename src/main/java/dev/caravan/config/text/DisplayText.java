package dev.caravan.config.text;

import java.util.regex.Pattern;

/** Makes untrusted text safe for a one-line message: truncated, with control characters escaped. */
public final class DisplayText {

  private static final int MAX = 60;
  private static final int MAX_SENTENCE = 300;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]{1," + MAX + "}");

  /** A user, and perhaps a password, which may have an @, in a URL. */
  private static final Pattern USER = Pattern.compile("://[^/\\s?#]*@");

  /**
   * They apply until the end of the paragraph, and so change the direction of other text that
   * follows.
   */
  private static final Pattern TURNS = Pattern.compile("[\u202a-\u202e\u2066-\u2069]");

  private DisplayText() {}

  /** The text in quotes, at most 60 characters of it, and without users and passwords of URLs. */
  public static String quoted(String text) {
    return '"' + escaped(withoutUsers(text), true, MAX) + '"';
  }

  /** A text whose URLs have no user and no password. */
  public static String withoutUsers(String text) {
    return USER.matcher(text).replaceAll("://…@");
  }

  /** A key as part of a key path; quoted unless it is a plain name. */
  public static String key(String name) {
    return PLAIN.matcher(name).matches() ? name : quoted(name);
  }

  /** A sentence that may contain untrusted text; not quoted, at most 300 characters. */
  public static String unquoted(String text) {
    return escaped(text, false, MAX_SENTENCE);
  }

  /** The text with the characters escaped that turn the direction of what follows. */
  public static String unturned(String text) {
    return TURNS
        .matcher(text)
        .replaceAll(turn -> String.format("\\\\u%04x", (int) turn.group().charAt(0)));
  }

  private static String escaped(String text, boolean quotes, int max) {
    StringBuilder out = new StringBuilder();
    text.codePoints().limit(max).forEach(c -> append(out, c, quotes));
    return out + (text.codePointCount(0, text.length()) > max ? "…" : "");
  }

  private static void append(StringBuilder out, int c, boolean quotes) {
    if (quotes && (c == '"' || c == '\\')) {
      out.append('\\').append((char) c);
    } else if (isPrintable(c)) {
      out.appendCodePoint(c);
    } else {
      out.append(c > 0xFFFF ? String.format("\\U%08x", c) : String.format("\\u%04x", c));
    }
  }

  /**
   * True for letters, digits, marks, punctuation, symbols and the space; false for control
   * characters, direction marks and other spaces, which nobody could tell from the usual one.
   */
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
