package dev.caravan.pipeline.outcome;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A box that aiperf printed. Its title tells what it is: the reason of a failure, a warning about
 * the results, or a notice.
 *
 * @param title as printed; may be empty
 * @param lines the text, without borders
 */
record AiperfPanel(String title, List<String> lines) {

  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final String BORDER = "╭╮╰╯─│";

  /** The titles of AIPerf 0.13 under which a failure is explained; see common/tokenizer_display. */
  private static final Pattern FAILURE =
      Pattern.compile(
          "error|fail|tokenizer|repository|revision|missing|not cached|timeout",
          Pattern.CASE_INSENSITIVE);

  /** The titles under which aiperf doubts its results or explains a refusal of the target. */
  private static final Pattern WARNING =
      Pattern.compile("warning|unsupported parameter", Pattern.CASE_INSENSITIVE);

  private static final int MAX_PANELS = 100;
  private static final int MAX_LINES = 200;

  AiperfPanel {
    lines = List.copyOf(lines);
  }

  /** The boxes in {@code output}, in order; the last one may be cut off. */
  static List<AiperfPanel> in(String output) {
    List<AiperfPanel> panels = new ArrayList<>();
    Optional<String> title = Optional.empty();
    List<String> lines = new ArrayList<>();
    for (String raw : output.lines().toList()) {
      String line = withoutColours(raw).strip();
      if (title.isPresent() && line.startsWith("│")) {
        if (lines.size() < MAX_LINES) {
          lines.add(plain(line));
        }
        continue;
      }
      if (title.isPresent() && panels.size() < MAX_PANELS) {
        panels.add(new AiperfPanel(title.get(), lines));
      }
      title = line.startsWith("╭") ? Optional.of(plain(line)) : Optional.empty();
      lines.clear();
    }
    title.ifPresent(last -> panels.add(new AiperfPanel(last, lines)));
    return panels;
  }

  /** Whether a line is the top or bottom of a box, which may contain a title. */
  static boolean isRim(String line) {
    String plain = withoutColours(line).strip();
    return plain.startsWith("╭") || plain.startsWith("╰");
  }

  /** A line without colours and borders. */
  static String plain(String line) {
    StringBuilder plain = new StringBuilder();
    withoutColours(line)
        .chars()
        .filter(character -> BORDER.indexOf(character) < 0)
        .forEach(character -> plain.append((char) character));
    return plain.toString().strip();
  }

  private static String withoutColours(String line) {
    return line.indexOf('\u001b') < 0 ? line : COLOUR.matcher(line).replaceAll("");
  }

  /** Whether it explains a failure; an untitled box does. */
  boolean isFailure() {
    return !isWarning() && (title.isEmpty() || FAILURE.matcher(title).find());
  }

  /** Whether it warns of something that users should know although the run may have succeeded. */
  boolean isWarning() {
    return WARNING.matcher(title).find();
  }

  /** The whole text on one line, at most {@code max} characters. */
  String text(int max) {
    return OneLine.line(String.join(" ", lines), max);
  }

  /** Its title and its first paragraph, up to the end of the first sentence. */
  String firstSentence(int max) {
    List<String> paragraph =
        lines.stream().dropWhile(String::isBlank).takeWhile(line -> !line.isBlank()).toList();
    String text = OneLine.line(String.join(" ", paragraph), max);
    int end = text.indexOf(". ");
    return OneLine.line(title, 100) + ": " + (end < 0 ? text : text.substring(0, end + 1));
  }
}
