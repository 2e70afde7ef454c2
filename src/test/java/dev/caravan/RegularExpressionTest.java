package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every regular expression takes time in proportion to its text and no stack. Java repeats a group
 * by recursion, and retries a run of characters that must reach the end from each of its
 * characters; both let a text of some kilobytes stop a thread.
 */
class RegularExpressionTest {

  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern USE =
      Pattern.compile("(?:Pattern\\.compile|\\.matches|\\.replaceAll|\\.replaceFirst|\\.split)\\(");
  private static final Pattern LITERAL = Pattern.compile("\\G[\\s+]*\"((?:[^\"\\\\]|\\\\.)*+)\"");

  /** A group that is repeated more than nine times, and not possessively. */
  private static final Pattern REPEATED_GROUP =
      Pattern.compile("(?<!\\\\)\\)(?:[*+]|\\{\\d*,\\}|\\{\\d*,?\\d{2,}\\})(?!\\+)");

  /** A run up to the end of the text that may start anywhere. */
  private static final Pattern LATE_RUN =
      Pattern.compile("^(?!\\^|\\(\\?m\\)\\^)(.*[^.])?[*+]\\$$");

  @Test
  void repeatsNoGroupsAndAnchorsItsRuns() throws IOException {
    // given
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        expressions(Files.readString(file), USE).stream()
            .filter(RegularExpressionTest::isCostly)
            .forEach(text -> found.add(file.getFileName() + ": " + text));
      }
    }
    // then
    assertThat(found).isEmpty();
  }

  @Test
  void tellsCostlyExpressionsFromOthers() {
    assertThat(
            List.of(
                "(a|b)*", "(?:[^\"\\\\]|\\\\.){0,2000}", "(?:_[0-9]+)*", "(x){3,}", "/+$", "a*$"))
        .filteredOn(text -> !isCostly(text))
        .isEmpty();
    assertThat(
            List.of(
                "(a|b)*+", "[ab]*", "/.*$", "(?:\\.[0-9]+)?", "(a{1,9}){0,3}", "^[a-z]+$", "\\)*"))
        .filteredOn(RegularExpressionTest::isCostly)
        .isEmpty();
  }

  private static boolean isCostly(String expression) {
    return REPEATED_GROUP.matcher(expression).find() || LATE_RUN.matcher(expression).find();
  }

  /** What a source passes literally to the methods that end in {@code uses}. */
  static List<String> expressions(String source, Pattern uses) {
    List<String> found = new ArrayList<>();
    for (Matcher use = uses.matcher(source); use.find(); ) {
      StringBuilder text = new StringBuilder();
      for (Matcher part = LITERAL.matcher(source).region(use.end(), source.length());
          part.find(); ) {
        text.append(part.group(1).replace("\\\\", "\\"));
      }
      found.add(text.toString());
    }
    return found;
  }
}
