package dev.caravan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where commands print their results: a terminal, whose width tables keep, or a pipe or file, in
 * which nothing is cut.
 *
 * @param isTerminal whether it is a terminal
 * @param environment the variables of this process
 */
record Stdout(boolean isTerminal, Map<String, String> environment) {

  /** Wider than any table, and a bound for what one line may be. */
  static final int UNLIMITED = 10_000;

  private static final int STDOUT = 1;

  /** The standard output of this process. */
  static Stdout ofProcess() {
    return new Stdout(isTerminal(STDOUT), System.getenv());
  }

  /** Whether this file descriptor of the process is a terminal. */
  static boolean isTerminal(int descriptor) {
    try {
      String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** The maximum of characters a line: what COLUMNS says, else the width of the terminal. */
  int width() {
    String columns = environment.getOrDefault("COLUMNS", "");
    if (columns.matches("[1-9]\\d{1,3}")) {
      return Integer.parseInt(columns);
    }
    return isTerminal ? TerminalWidth.now() : UNLIMITED;
  }

  /** Whether to use colour: on a terminal that can, unless NO_COLOR is set (no-color.org). */
  boolean colour() {
    String terminal = environment.getOrDefault("TERM", "");
    return isTerminal
        && !terminal.isEmpty()
        && !terminal.equals("dumb")
        && environment.getOrDefault("NO_COLOR", "").isEmpty();
  }
}
