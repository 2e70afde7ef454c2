package dev.caravan.tools.setup;

import dev.caravan.config.text.NativeEncoding;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the programs of a setup: Python, pip, uv and aiperf. Their stdin is empty. */
final class SetupProcess {

  /** Time limit of a quick command such as {@code --version}. */
  static final Duration QUERY_LIMIT = Duration.ofSeconds(60);

  /**
   * Variables not passed on. The first two would add packages of other environments; with a width
   * of 0, aiperf prints nothing (measured on 0.13.0).
   */
  private static final List<String> REMOVED_VARIABLES =
      List.of("PYTHONPATH", "PYTHONHOME", "COLUMNS", "LINES");

  /**
   * The result of a quick command.
   *
   * @param code exit code; −1 on timeout
   * @param output stdout and stderr, merged
   */
  record Result(int code, String output) {

    boolean isTimedOut() {
      return code == TIMED_OUT;
    }
  }

  private static final int TIMED_OUT = -1;
  private static final Duration FOREVER = Duration.ofDays(365);

  private SetupProcess() {}

  /** Runs a quick command, at most {@link #QUERY_LIMIT}. */
  static Result query(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    return query(command, environment, QUERY_LIMIT);
  }

  /** Runs a quick command with a time limit. */
  static Result query(List<String> command, Map<String, String> environment, Duration limit)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("caravan-setup", ".txt");
    try {
      ProcessBuilder builder =
          builder(command, environment, ProcessBuilder.Redirect.to(output.toFile()));
      int code = GuardedProcess.run(builder, limit).orElse(TIMED_OUT);
      return new Result(code, text(output, 0));
    } finally {
      Files.delete(output);
    }
  }

  /** Runs a long command and appends its output to a log; returns its exit code. */
  static int run(List<String> command, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    return GuardedProcess.run(
            builder(command, environment, ProcessBuilder.Redirect.appendTo(log.toFile())), FOREVER)
        .orElse(TIMED_OUT);
  }

  /** A file as text, from a byte on; invalid bytes are replaced. */
  static String text(Path file, long start) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int from = (int) Math.min(start, bytes.length);
    return new String(bytes, from, bytes.length - from, Charset.defaultCharset());
  }

  private static ProcessBuilder builder(
      List<String> command, Map<String, String> environment, ProcessBuilder.Redirect output)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> changed = changed(builder.environment(), environment);
    Optional<String> refusal = NativeEncoding.JVM.refusal(command, changed);
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    builder.environment().keySet().retainAll(environment.keySet());
    builder.environment().putAll(changed);
    return builder.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output);
  }

  /** The variables to set; those that Caravan itself was started with keep their bytes. */
  private static Map<String, String> changed(
      Map<String, String> inherited, Map<String, String> environment) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.entrySet().removeAll(inherited.entrySet());
    inherited.keySet().removeAll(REMOVED_VARIABLES);
    changed.keySet().removeAll(REMOVED_VARIABLES);
    return changed;
  }
}
