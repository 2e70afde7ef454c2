package dev.caravan.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Rules for texts that end up as arguments of a command, in folder names and on terminals. */
final class TextRules {

  /** Longest text of a key; a longer one is a mistake and would make messages and names useless. */
  private static final int MAX_BYTES = 2000;

  /** Longest text of an option, well below what Linux takes as one argument (128 KiB). */
  private static final int MAX_OPTION_BYTES = 64 * 1024;

  private static final int MAX_NAME_BYTES = 200;

  private static final Pattern PATH = Pattern.compile("/[!-~]*");
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  private TextRules() {}

  /** The rule that a text breaks as the value of a key. */
  static Optional<String> argument(String text) {
    if (text.isBlank()) {
      return Optional.of("must not be empty");
    }
    if (!text.equals(text.strip())) {
      return Optional.of("must not start or end with a space");
    }
    return text.chars().anyMatch(Character::isISOControl)
        ? Optional.of("must not hold control characters")
        : option(text, MAX_BYTES);
  }

  /** The rule that a text breaks as the value of an aiperf option; it may have several lines. */
  static Optional<String> option(String text) {
    if (text.isEmpty()) {
      return Optional.of("must not be empty");
    }
    return text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
        ? Optional.of("must not hold control characters")
        : option(text, MAX_OPTION_BYTES);
  }

  private static Optional<String> option(String text, int maxBytes) {
    if (text.startsWith("-")) {
      return Optional.of("must not start with \"-\", which aiperf would read as a flag");
    }
    return encodable(text).or(() -> atMost(text, maxBytes));
  }

  static Optional<String> noComma(String text) {
    return text.contains(",")
        ? Optional.of(
            "must not hold a comma: aiperf would split it into several; to try several, list them"
                + " under sweeps")
        : Optional.empty();
  }

  static Optional<String> path(String text) {
    if (!text.startsWith("/")) {
      return Optional.of("must be a path that starts with \"/\"");
    }
    return PATH.matcher(text).matches()
        ? Optional.empty()
        : Optional.of("must be a path of printable ASCII characters without spaces");
  }

  static Optional<String> variable(String text) {
    return VARIABLE.matcher(text).matches()
        ? Optional.empty()
        : Optional.of("must be the name of an environment variable that holds the key");
  }

  /** The rule that a text breaks as the name of a batch, which becomes a folder. */
  static Optional<String> batchName(String text) {
    if (text.contains("/") || text.contains("..") || text.startsWith(".")) {
      return Optional.of("names a folder: it must not hold \"/\" or \"..\", nor start with a dot");
    }
    return argument(text).or(() -> atMost(text, MAX_NAME_BYTES));
  }

  /** The rule that a text breaks as the id or the path of a batch. */
  /** The name of a pool is part of the name of a queue. */
  static Optional<String> pool(String text) {
    return text.matches("[a-z0-9][a-z0-9_-]{0,62}")
        ? Optional.empty()
        : Optional.of("must be 1 to 63 small letters, digits, _ or -, such as lab-a");
  }

  static Optional<String> batch(String text) {
    if (Arrays.asList(text.split("/")).contains("..")) {
      return Optional.of("must not hold \"..\"");
    }
    return text.matches(".*[^/]/+[^/].*")
        ? Optional.empty()
        : Optional.of("must be <batch_name>/<timestamp>, or the path of the batch folder");
  }

  /** The rule that a text breaks as the value of a label. */
  static Optional<String> label(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      return Optional.of("must not hold control characters");
    }
    return encodable(text).or(() -> atMost(text, MAX_NAME_BYTES));
  }

  private static Optional<String> encodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text)
        ? Optional.empty()
        : Optional.of("must be valid Unicode");
  }

  private static Optional<String> atMost(String text, int maxBytes) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return bytes <= maxBytes
        ? Optional.empty()
        : Optional.of("must have at most " + maxBytes + " bytes, has " + bytes);
  }
}
