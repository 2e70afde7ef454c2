package dev.caravan.pipeline.process;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Distinguishes numbers from text in a JSON or CSV file, so that masking never changes a number
 * whose digits happen to match a key. Must be advanced over every byte of the file. Not
 * thread-safe.
 */
final class NumberScanner {

  /** How many bytes it looks ahead; no number is longer. */
  static final int LOOKAHEAD = 64;

  private static final Pattern NUMERIC = Pattern.compile("[0-9.eE+-]+");

  private enum Format {
    TEXT,
    JSON,
    CSV
  }

  private final Format format;
  private boolean inString;
  private boolean escaped;
  private boolean numericField = true;

  private NumberScanner(Format format) {
    this.format = format;
  }

  /** A scanner for plain text, where nothing counts as a number. */
  static NumberScanner none() {
    return new NumberScanner(Format.TEXT);
  }

  /** A scanner for this file, by its name extension. */
  static NumberScanner of(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(".json") || name.endsWith(".jsonl")) {
      return new NumberScanner(Format.JSON);
    }
    return new NumberScanner(name.endsWith(".csv") ? Format.CSV : Format.TEXT);
  }

  /** Whether a value could be part of a number. */
  static boolean mayBeNumber(String value) {
    return NUMERIC.matcher(value).matches();
  }

  /** Moves over one byte. */
  void advance(byte next) {
    switch (format) {
      case JSON -> advanceJson(next);
      case CSV -> numericField = endsField(next) || numericField && isNumeric(next);
      case TEXT -> {}
    }
  }

  /** A string ends at the end of its line, so that a truncated line does not affect the next. */
  private void advanceJson(byte next) {
    boolean quote = next == '"' && !escaped;
    escaped = inString && next == '\\' && !escaped;
    inString = next != '\n' && quote != inString;
  }

  /** Whether the bytes from the current position up to {@code to} are part of a number. */
  boolean isNumber(byte[] buffer, int to, int filled) {
    return switch (format) {
      case JSON -> !inString;
      case CSV -> numericField && restIsNumeric(buffer, to, filled);
      case TEXT -> false;
    };
  }

  private static boolean restIsNumeric(byte[] buffer, int from, int filled) {
    int at = from;
    while (at < filled && isNumeric(buffer[at])) {
      at++;
    }
    return at == filled || endsField(buffer[at]);
  }

  private static boolean endsField(byte next) {
    return next == ',' || next == '\n' || next == '\r';
  }

  private static boolean isNumeric(byte next) {
    return next >= '0' && next <= '9' || ".eE+-".indexOf(next) >= 0;
  }
}
