package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs the long commands of a setup: their output goes to its log, and line by line to the user.
 */
final class SetupSteps {

  private static final int ERROR_LINES = 15;

  /**
   * A command that has ended.
   *
   * @param logStart where in the log its output begins
   */
  record Ended(List<String> command, int code, long logStart) {}

  private final Path log;
  private final SetupProgress progress;
  private final Duration progressInterval;

  SetupSteps(Path log, SetupProgress progress, Duration progressInterval) {
    this.log = log;
    this.progress = progress;
    this.progressInterval = progressInterval;
  }

  /** The command by which pip installs without asking, into the environment of this Python. */
  static List<String> pipInstall(Path python, String... arguments) {
    List<String> command = new ArrayList<>(List.of(python.toString(), "-m", "pip", "install"));
    command.addAll(List.of("--no-input", "--disable-pip-version-check", "--progress-bar=off"));
    command.add("--no-user"); // of a pip that is configured with user, which fails here
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs a command that must succeed. */
  void run(String label, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException, SetupFailedException {
    Ended ended = end(label, command, environment);
    if (ended.code() != 0) {
      throw failed(ended);
    }
  }

  /** Runs a command to its end, whatever that is. */
  @SuppressWarnings("try")
  Ended end(String label, List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    long logStart = Files.exists(log) ? Files.size(log) : 0;
    try (ProgressTicker ticker = ticker(label)) {
      return new Ended(command, SetupProcess.run(command, environment, log), logStart);
    }
  }

  /** The exception for a command that failed, with the last lines of its output. */
  SetupFailedException failed(Ended ended) throws IOException {
    return new SetupFailedException(
        "%s failed (exit %d). Last lines of its output:\n%s\nThe full output is in %s"
            .formatted(
                String.join(" ", ended.command()),
                ended.code(),
                lastLogLines(ended.logStart(), ERROR_LINES),
                log));
  }

  /** Shows the user one line, indented below that of the setup. */
  void note(String text) {
    progress.line("  " + text);
  }

  private ProgressTicker ticker(String label) {
    return new ProgressTicker(progress, progressInterval, () -> lastLogLine(label));
  }

  private String lastLogLine(String label) {
    try {
      String line = lastLogLines(0, 1).strip();
      return line.isEmpty() ? label : label + ": " + line.substring(0, Math.min(line.length(), 90));
    } catch (IOException e) {
      return label;
    }
  }

  private String lastLogLines(long start, int count) throws IOException {
    String[] lines = SetupProcess.text(log, start).split("\n");
    return "  "
        + String.join(
            "\n  ", Arrays.copyOfRange(lines, Math.max(0, lines.length - count), lines.length));
  }
}
