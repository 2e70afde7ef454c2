package dev.caravan.pipeline.outcome;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds why AIPerf 0.13 could not read a dataset. Its words name a line only when a line is not
 * JSON; before that it looks at the first line alone, to find out what kind of dataset it is.
 */
final class DatasetError {

  private static final Pattern FAILURE =
      Pattern.compile(
          "(?i:dataset configuration failed)( notification from [\\w-]{1,80})?: "
              + "([^\\n]{1,2000}(?:\\n {2,4}[^\\s][^\\n]{0,500}){0,3})");
  private static final Pattern SOURCE = Pattern.compile(" \\(\\w{1,80}\\.py:\\d{1,6}\\)$");
  private static final Pattern ADVICE =
      Pattern.compile(" For further information visit \\S{1,200}");
  private static final int MAX_LENGTH = 2_000;
  private static final Pattern REPR =
      Pattern.compile("^(\\w{1,80})\\((?:'([^\\n]*)'|\"([^\\n]*)\")\\)$");

  /** Trouble with the machine or the network, which another attempt may not have. */
  private static final Pattern PASSING =
      Pattern.compile(
          "^(?:OSError|MemoryError|BrokenPipe|\\w{0,80}(?:Timeout|Connect)\\w{0,80})\\b");

  private static final String NO_LINE = "'NoneType' object has no attribute 'lower'";
  private static final String AN_ARRAY = "'list' object has no attribute 'get'";

  private DatasetError() {}

  /** What aiperf said, with the line; empty when the dataset was not the problem. */
  static Optional<String> in(String output) {
    Optional<String> said = Optional.empty();
    Matcher failures = FAILURE.matcher(output);
    while (failures.find()) {
      boolean namesType = failures.group(1) != null;
      said = namesType || said.isEmpty() ? Optional.of(failures.group(2)) : said;
    }
    return said.map(text -> OneLine.line(text, MAX_LENGTH))
        .map(text -> SOURCE.matcher(text).replaceFirst(""))
        .map(text -> ADVICE.matcher(text).replaceFirst(""))
        .map(DatasetError::plain)
        .filter(text -> !PASSING.matcher(text).find())
        .map(text -> located(text, output));
  }

  /** {@code Type('message')} as {@code Type: message}. */
  private static String plain(String said) {
    Matcher repr = REPR.matcher(said);
    return repr.find()
        ? repr.group(1) + ": " + (repr.group(2) == null ? repr.group(3) : repr.group(2))
        : said;
  }

  private static String located(String text, String output) {
    String words = text.startsWith("ValueError: ") ? text.substring("ValueError: ".length()) : text;
    if (words.contains(" at line ")) {
      return words;
    }
    if (words.endsWith(NO_LINE)) {
      return "the dataset has no line: " + words;
    }
    boolean firstLine =
        List.of(", in _infer_type", "Error inferring dataset type").stream()
            .anyMatch(output::contains);
    String array = words.endsWith(AN_ARRAY) ? " (a JSON array, not one JSON object a line)" : "";
    return (firstLine ? "line 1 of the dataset: " : "dataset: ") + words + array;
  }
}
