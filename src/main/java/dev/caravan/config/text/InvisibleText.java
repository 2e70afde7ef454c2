package dev.caravan.config.text;

import java.util.Map;
import java.util.Optional;

/**
 * White space, control characters and other characters that cannot be seen. People do not notice
 * them in what they paste, so messages name them.
 */
public final class InvisibleText {

  private static final Map<Integer, String> NAMES =
      Map.of(
          (int) ' ',
          "a space",
          (int) '\t',
          "a tab",
          (int) '\n',
          "a line break",
          (int) '\r',
          "a Windows line end (CR)",
          0,
          "the byte 0",
          0xA0,
          "a no-break space (U+00A0)",
          0x200B,
          "a zero-width space (U+200B)",
          0xFEFF,
          "a byte order mark (U+FEFF)");

  /** The ideographic space, and the two joiners. */
  private static final String WRITTEN = "\u3000\u200c\u200d";

  private InvisibleText() {}

  /** Whether nobody sees this character. */
  public static boolean invisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /**
   * Whether this looks like an ordinary space, or like nothing, and is neither. False for
   * characters that some scripts and emoji need.
   */
  public static boolean deceptive(int c) {
    return c > 0x7F && invisible(c) && WRITTEN.indexOf(c) < 0;
  }

  /** What it is called, such as {@code a no-break space (U+00A0)}. */
  public static String name(int c) {
    String kind = Character.getType(c) == Character.CONTROL ? "control" : "invisible";
    return NAMES.getOrDefault(c, String.format("the %s character U+%04X", kind, c));
  }

  /** The text without what is invisible at its ends. */
  public static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && invisible(text.charAt(from))) {
      from++;
    }
    while (to > from && invisible(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** The name of the invisible character that a text starts or else ends with. */
  public static String atAnEnd(String text) {
    int first = text.codePointAt(0);
    return name(invisible(first) ? first : text.codePointBefore(text.length()));
  }

  /** The name of the first deceptive character in a text; empty when it has none. */
  public static Optional<String> deceptiveIn(String text) {
    return text.codePoints()
        .filter(InvisibleText::deceptive)
        .boxed()
        .findFirst()
        .map(InvisibleText::name);
  }
}
