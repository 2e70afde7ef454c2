package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the programs of a setup: Python, pip and aiperf. None of them gets an input. */
final class SetupProcess {

  /** The longest that a question such as {@code --version} may take, in seconds. */
  private static final int LONGEST_ANSWER = 60;

  /**
   * With the first two, a new environment would take other environments' packages for its own; with
   * a width of 0, aiperf prints nothing (measured on 0.13.0).
   */
  private static final List<String> HARMFUL =
      List.of("PYTHONPATH", "PYTHONHOME", "COLUMNS", "LINES");

  /**
   * @param code exit code; −1 when it took too long
   * @param output both of its outputs
   */
  record Result(int code, String output) {}

  private SetupProcess() {}

  /** Runs a command that answers at once. */
  static Result ask(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("caravan-setup", ".txt");
    try {
      Process process = start(command, environment, ProcessBuilder.Redirect.to(output.toFile()));
      boolean ended = waitFor(process, LONGEST_ANSWER);
      return new Result(ended ? process.exitValue() : -1, text(output));
    } finally {
      Files.delete(output);
    }
  }

  /** Runs a command that takes its time, its output added to a log; gives its exit code. */
  static int run(List<String> command, Map<String, String> environment, Path log)
      throws IOException, InterruptedException {
    Process process = start(command, environment, ProcessBuilder.Redirect.appendTo(log.toFile()));
    waitFor(process, Integer.MAX_VALUE);
    return process.exitValue();
  }

  /** A file as text, whatever bytes it holds. */
  static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), Charset.defaultCharset());
  }

  private static Process start(
      List<String> command, Map<String, String> environment, ProcessBuilder.Redirect output)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().keySet().removeAll(HARMFUL);
    builder.redirectInput(Path.of("/dev/null").toFile()).redirectOutput(output);
    return builder.start();
  }

  /** Waits; a process that is late, or outlives this JVM or an interrupt, is ended. */
  private static boolean waitFor(Process process, int seconds) throws InterruptedException {
    Thread hook = new Thread(() -> end(process), "setup-end");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS);
    } finally {
      if (process.isAlive()) {
        end(process);
      }
      removeHook(hook);
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      hook.setName("setup-end-under-way");
    }
  }
}
