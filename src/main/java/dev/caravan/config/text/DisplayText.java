package dev.caravan.config.text;

import java.util.regex.Pattern;

/** Texts of others made fit for one line of a message: cut, and with nothing a terminal obeys. */
public final class DisplayText {

  private static final int MAX = 60;
  private static final int MAX_SENTENCE = 300;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.-]{1," + MAX + "}");

  private DisplayText() {}

  /** The text in quotes. */
  public static String quoted(String text) {
    return '"' + escaped(text, true, MAX) + '"';
  }

  /** A key as part of a path; as it is when it is a plain name, else in quotes. */
  public static String key(String name) {
    return PLAIN.matcher(name).matches() ? name : quoted(name);
  }

  /** A sentence that may hold words of others; without quotes, and cut later. */
  public static String bare(String text) {
    return escaped(text, false, MAX_SENTENCE);
  }

  private static String escaped(String text, boolean quotes, int max) {
    StringBuilder out = new StringBuilder();
    text.codePoints().limit(max).forEach(c -> append(out, c, quotes));
    return out + (text.codePointCount(0, text.length()) > max ? "…" : "");
  }

  private static void append(StringBuilder out, int c, boolean quotes) {
    if (quotes && (c == '"' || c == '\\')) {
      out.append('\\').append((char) c);
    } else if (harmless(c)) {
      out.appendCodePoint(c);
    } else {
      out.append(c > 0xFFFF ? String.format("\\U%08x", c) : String.format("\\u%04x", c));
    }
  }

  /**
   * Letters, digits, marks, punctuation, symbols and the space; no controls, no direction marks.
   */
  private static boolean harmless(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
