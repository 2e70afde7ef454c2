package dev.caravan.pipeline.process;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Tells the numbers of a JSON or CSV file from its text, so that no figure is ever altered because
 * its digits are also those of a key. Is fed the file from its first byte on. Not threadsafe.
 */
final class NumberScanner {

  /** How far ahead of a place it looks, in bytes: no number is longer. */
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

  /** Of what has no figures to keep. */
  static NumberScanner none() {
    return new NumberScanner(Format.TEXT);
  }

  /** Of a file, by the ending of its name. */
  static NumberScanner of(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(".json") || name.endsWith(".jsonl")) {
      return new NumberScanner(Format.JSON);
    }
    return new NumberScanner(name.endsWith(".csv") ? Format.CSV : Format.TEXT);
  }

  /** Whether a value could stand in a number. */
  static boolean couldBe(String value) {
    return NUMERIC.matcher(value).matches();
  }

  /** Goes on by one byte. */
  void pass(byte next) {
    switch (format) {
      case JSON -> passJson(next);
      case CSV -> numericField = isEnd(next) || numericField && isNumeric(next);
      case TEXT -> {}
    }
  }

  /** A string ends with its line at the latest, so that a torn line spoils no other. */
  private void passJson(byte next) {
    boolean quote = next == '"' && !escaped;
    escaped = inString && next == '\\' && !escaped;
    inString = next != '\n' && quote != inString;
  }

  /** Whether what comes next, up to {@code to} in the buffer, belongs to a number. */
  boolean hold(byte[] buffer, int to, int filled) {
    return switch (format) {
      case JSON -> !inString;
      case CSV -> numericField && endsNumeric(buffer, to, filled);
      case TEXT -> false;
    };
  }

  private static boolean endsNumeric(byte[] buffer, int from, int filled) {
    int at = from;
    while (at < filled && isNumeric(buffer[at])) {
      at++;
    }
    return at == filled || isEnd(buffer[at]);
  }

  private static boolean isEnd(byte next) {
    return next == ',' || next == '\n' || next == '\r';
  }

  private static boolean isNumeric(byte next) {
    return next >= '0' && next <= '9' || ".eE+-".indexOf(next) >= 0;
  }
}
