package dev.caravan.cli;

import dev.caravan.testing.LogLines;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A command that ran in this process and needed no engine.
 *
 * @param exit its exit code
 * @param out what it printed
 * @param err what it printed to stderr
 */
public record ExecutedCommand(int exit, String out, String err) {

  /** Its log lines without timestamps. */
  public List<String> log() {
    return LogLines.withoutTimes(err);
  }

  /** Its last line on stderr, without the timestamp. */
  public String lastLine() {
    return LogLines.last(log());
  }

  /** Executes a command on a home. */
  public static ExecutedCommand in(Path home, String... args) {
    return of(
        new NoEngine(),
        Stream.concat(Stream.of("--home", home.toString()), Stream.of(args))
            .toArray(String[]::new));
  }

  /** Executes a command with an engine. */
  static ExecutedCommand of(Engine engine, String... args) {
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int exit = CaravanCommand.execute(engine, args);
      return new ExecutedCommand(
          exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }
}
