package dev.caravan.pipeline.outcome;

/**
 * Untrusted text as one line, made in one pass that ends when the line is long enough: many texts
 * are made into lines, and most of them are long.
 */
final class LineText {

  private static final char ESCAPE = '\u001b';
  private static final char BELL = '\u0007';
  private static final int REPLACEMENT = '\ufffd';

  /** Characters that are read for each one of the line; the others may all be invisible. */
  private static final int READ_PER_CHARACTER = 16;

  private final String text;
  private final int end;
  private final StringBuilder line = new StringBuilder();
  private int length;
  private boolean blank;

  /** The first characters of the line: at least one more than {@code max} if it has as many. */
  LineText(String text, int max) {
    this.text = text;
    this.end = (int) Math.min(text.length(), (long) READ_PER_CHARACTER * max);
    int at = 0;
    while (at < end && length <= max) {
      at = text.charAt(at) == ESCAPE ? afterEscape(at) : add(at);
    }
  }

  private int add(int at) {
    int character = text.codePointAt(at);
    switch (Character.getType(character)) {
      case Character.FORMAT, Character.PRIVATE_USE, Character.UNASSIGNED -> {
        // Zero-width and direction-changing characters can make a line look like another.
      }
      case Character.CONTROL,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          blank = length > 0;
      case Character.SURROGATE -> append(REPLACEMENT);
      default -> append(character);
    }
    return at + Character.charCount(character);
  }

  private void append(int character) {
    if (blank) {
      line.append(' ');
      length++;
      blank = false;
    }
    line.appendCodePoint(character);
    length++;
  }

  /** Where a terminal escape ends: a control sequence, a command to the terminal, or one letter. */
  private int afterEscape(int escape) {
    int next = escape + 1;
    if (next >= end) {
      return end;
    }
    return switch (text.charAt(next)) {
      case '[' -> afterSequence(next + 1);
      case ']' -> afterCommand(next + 1);
      case '\n', '\r', '\u0085', '\u2028', '\u2029' -> next;
      default -> next + Character.charCount(text.codePointAt(next));
    };
  }

  private int afterSequence(int start) {
    int at = skip(skip(start, '0', '?'), ' ', '/');
    return at < end && isIn(at, '@', '~') ? at + 1 : start;
  }

  private int skip(int from, char first, char last) {
    int at = from;
    while (at < end && isIn(at, first, last)) {
      at++;
    }
    return at;
  }

  private boolean isIn(int at, char first, char last) {
    return text.charAt(at) >= first && text.charAt(at) <= last;
  }

  private int afterCommand(int start) {
    int at = start;
    while (at < end && text.charAt(at) != BELL && text.charAt(at) != ESCAPE) {
      at++;
    }
    if (at < end && text.charAt(at) == BELL) {
      return at + 1;
    }
    return text.startsWith(ESCAPE + "\\", at) ? at + 2 : at;
  }

  @Override
  public String toString() {
    return line.toString();
  }
}
