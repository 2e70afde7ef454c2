package dev.caravan.pipeline.process;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One entry of the kernel's process table, read from {@code /proc/<pid>/stat}. See proc_pid_stat(5)
 * for the fields and their order.
 *
 * @param state one letter; Z and X are dead processes whose parent has not reaped them yet
 * @param startTicks start time in clock ticks since boot; together with the pid it identifies a
 *     process uniquely until the next boot
 */
record ProcessEntry(long pid, char state, long parent, long group, long session, long startTicks) {

  private static final File PROC = new File("/proc");
  private static final int LINE_BYTES = 1024;
  private static final int PARENT = 1;
  private static final int GROUP = 2;
  private static final int SESSION = 3;
  private static final int START_TICKS = 19;

  /** All processes. Skips those that end while the table is read. */
  static List<ProcessEntry> all() {
    List<ProcessEntry> table = new ArrayList<>();
    byte[] line = new byte[LINE_BYTES];
    String[] names = PROC.list();
    for (String name : names == null ? new String[0] : names) {
      if (Character.isDigit(name.charAt(0))) {
        read(name, line).ifPresent(table::add);
      }
    }
    return table;
  }

  /** One process, if it exists. */
  static Optional<ProcessEntry> of(long pid) {
    return read(Long.toString(pid), new byte[LINE_BYTES]);
  }

  /** The processes of this user that run with this variable, written as {@code NAME=value}. */
  static List<ProcessEntry> withVariable(String variable) {
    return all().stream().filter(process -> process.hasVariable(variable)).toList();
  }

  /**
   * Whether it runs with this variable, written as {@code NAME=value}; false if it may not be read.
   */
  boolean hasVariable(String variable) {
    try {
      byte[] environment = Files.readAllBytes(Path.of(PROC.getPath(), pid + "/environ"));
      return ("\0" + new String(environment, StandardCharsets.UTF_8))
          .contains("\0" + variable + "\0");
    } catch (IOException goneOrOfAnotherUser) {
      return false;
    }
  }

  /** Whether it has ended and only waits for its parent to reap it. */
  boolean isDead() {
    return state == 'Z' || state == 'X';
  }

  private static Optional<ProcessEntry> read(String pid, byte[] line) {
    try (FileInputStream stat = new FileInputStream("/proc/" + pid + "/stat")) {
      int length = stat.read(line);
      return length < 0 ? Optional.empty() : Optional.of(parse(pid, line, length));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  /** Parses from the bytes, since the whole table is read around each run. */
  private static ProcessEntry parse(String pid, byte[] line, int length) {
    // The program name is in parentheses and may itself contain spaces and parentheses.
    int state = lastParenthesis(line, length) + 2;
    return new ProcessEntry(
        Long.parseLong(pid),
        (char) line[state],
        number(line, state, PARENT),
        number(line, state, GROUP),
        number(line, state, SESSION),
        number(line, state, START_TICKS));
  }

  private static int lastParenthesis(byte[] line, int length) {
    int at = length - 1;
    while (line[at] != ')') {
      at--;
    }
    return at;
  }

  /** The number in a field, counted from the one that begins at {@code from}. */
  private static long number(byte[] line, int from, int field) {
    int at = from;
    for (int left = field; left > 0; at++) {
      left -= line[at] == ' ' ? 1 : 0;
    }
    boolean isNegative = line[at] == '-';
    long value = 0;
    for (at += isNegative ? 1 : 0; line[at] != ' '; at++) {
      value = value * 10 + line[at] - '0';
    }
    return isNegative ? -value : value;
  }
}
