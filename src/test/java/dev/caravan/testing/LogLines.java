package dev.caravan.testing;

import java.util.List;
import java.util.regex.Pattern;

/** The lines that a command has logged. */
public final class LogLines {

  private static final Pattern TIME =
      Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ", Pattern.MULTILINE);

  private LogLines() {}

  /** The lines of this log without timestamps, such as {@code INFO: SUMMARY}. */
  public static List<String> withoutTimes(String log) {
    return TIME.matcher(log).replaceAll("").lines().toList();
  }

  /** The last of these lines, empty if there are none. */
  public static String last(List<String> lines) {
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }
}
