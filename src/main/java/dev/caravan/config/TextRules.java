package dev.caravan.config;

import dev.caravan.config.text.InvisibleText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Rules for strings that are used as command arguments and folder names. Each method returns the
 * message of the rule that a string breaks, or empty.
 */
final class TextRules {

  /** The word for no probe of a service. */
  static final String NONE = "none";

  /** Longest value of a key; a longer one is surely a mistake. */
  private static final int MAX_BYTES = 2000;

  /** Longest value of an option, well below Linux's limit for an argument (128 KiB). */
  private static final int MAX_OPTION_BYTES = 64 * 1024;

  private static final int MAX_NAME_BYTES = 200;

  private static final Pattern PATH = Pattern.compile("/[!-~]*");

  /** Format characters, line separators, and letters and marks without width. */
  private static final Pattern INVISIBLE =
      Pattern.compile(
          "[\\p{Cf}\\p{Zl}\\p{Zp}\\x{34F}\\x{115F}\\x{1160}\\x{17B4}\\x{17B5}\\x{180B}-\\x{180F}"
              + "\\x{3164}\\x{FFA0}]");

  /** Names by which commands find the newest batch. */
  private static final Pattern LATEST = Pattern.compile("latest(?:~\\d+)?");

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

  private TextRules() {}

  /** For the value of a key. */
  static Optional<String> argument(String text) {
    if (text.isBlank()) {
      return Optional.of("must not be empty");
    }
    if (!text.equals(InvisibleText.trimmed(text))) {
      return Optional.of("must not start or end with " + InvisibleText.atAnEnd(text));
    }
    return text.chars().anyMatch(Character::isISOControl)
        ? Optional.of("must not contain control characters")
        : visible(text).or(() -> option(text, MAX_BYTES));
  }

  /** Zero-width and direction characters make different names look the same. */
  private static Optional<String> visible(String text) {
    return text.codePoints()
        .filter(c -> INVISIBLE.matcher(Character.toString(c)).matches())
        .mapToObj(c -> String.format("must not contain invisible characters, such as U+%04X", c))
        .findFirst();
  }

  /** For the value of an aiperf option, which may have several lines. */
  static Optional<String> option(String text) {
    if (text.isEmpty()) {
      return Optional.of("must not be empty");
    }
    return text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')
        ? Optional.of("must not contain control characters")
        : option(text, MAX_OPTION_BYTES);
  }

  private static Optional<String> option(String text, int maxBytes) {
    if (text.startsWith("-")) {
      return Optional.of("must not start with \"-\", which aiperf would read as a flag");
    }
    return encodable(text).or(() -> maxLength(text, maxBytes));
  }

  /** For a value that aiperf would split at commas. */
  static Optional<String> noComma(String text) {
    return text.contains(",")
        ? Optional.of(
            "must not contain a comma: aiperf would split the value; to try several values, list them"
                + " under sweeps")
        : Optional.empty();
  }

  /** For a path on the service. */
  static Optional<String> path(String text) {
    if (!text.startsWith("/")) {
      return Optional.of("must be a path that starts with \"/\"");
    }
    return PATH.matcher(text).matches()
        ? Optional.empty()
        : Optional.of("must be a path of printable ASCII characters without spaces");
  }

  /** For the path of an API endpoint. */
  static Optional<String> endpoint(String text) {
    return text.contains("://")
        ? Optional.of("must be a path; the host belongs in url")
        : path(text.startsWith("/") ? text : "/" + text);
  }

  /** For a path to probe, or the word for no probe. */
  static Optional<String> pathOrNone(String text) {
    if (!text.equalsIgnoreCase(NONE)) {
      return endpoint(text);
    }
    return text.equals(NONE) ? Optional.empty() : Optional.of("must be a path, or " + NONE);
  }

  /** For the name of an environment variable. */
  static Optional<String> variable(String text) {
    return VARIABLE.matcher(text).matches()
        ? Optional.empty()
        : Optional.of("must be the name of an environment variable that holds the key");
  }

  /** For the name of a batch, which becomes a folder name. */
  static Optional<String> batchName(String text) {
    if (text.contains("/") || text.contains("..") || text.startsWith(".")) {
      return Optional.of(
          "becomes a folder name: must not contain \"/\" or \"..\", or start with a dot");
    }
    if (LATEST.matcher(text).matches()) {
      return Optional.of("is reserved: commands use it for the newest batch");
    }
    return argument(text).or(() -> maxLength(text, MAX_NAME_BYTES));
  }

  /** For the name of a pool, which becomes part of a queue name. */
  static Optional<String> pool(String text) {
    return text.matches("[a-z0-9][a-z0-9_-]{0,62}")
        ? Optional.empty()
        : Optional.of("must be 1 to 63 lower-case letters, digits, _ or -, such as lab-a");
  }

  /** For the id or the path of a batch. */
  static Optional<String> batch(String text) {
    if (Arrays.asList(text.split("/")).contains("..")) {
      return Optional.of("must not contain \"..\"");
    }
    return text.matches(".*[^/]/+[^/].*")
        ? Optional.empty()
        : Optional.of("must be <batch_name>/<timestamp>, or the path of the batch folder");
  }

  /** For the value of a label. */
  static Optional<String> label(String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      return Optional.of("must not contain control characters");
    }
    return encodable(text).or(() -> maxLength(text, MAX_NAME_BYTES));
  }

  private static Optional<String> encodable(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text)
        ? Optional.empty()
        : Optional.of("must be valid Unicode");
  }

  private static Optional<String> maxLength(String text, int maxBytes) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return bytes <= maxBytes
        ? Optional.empty()
        : Optional.of("must be at most " + maxBytes + " bytes long, is " + bytes);
  }
}
