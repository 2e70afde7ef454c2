package dev.caravan.pipeline.process;

import dev.caravan.config.text.NativeEncoding;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts all processes from one thread that lives as long as the JVM. The kernel sends the
 * parent-death signal that our launcher requests (PR_SET_PDEATHSIG) when the parent <em>thread</em>
 * ends, not the parent process; see prctl(2).
 */
final class ProcessStarter {

  private static final String ENOENT = "error=2,";
  private static final String CANNOT_RUN = "Cannot run program \"setsid\"";
  private static final String NO_SETSID = "setsid is not on PATH";
  private static final List<String> TEMP_VARIABLES = List.of("TMPDIR", "TEMP", "TMP");
  private static final File DEV_NULL = new File("/dev/null");
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "process-starter");
            thread.setDaemon(true);
            return thread;
          });

  private ProcessStarter() {}

  /**
   * Starts the process in its own session and process group. A child of the JVM is not a group
   * leader, so {@code setsid} does not need to fork and the process keeps its pid.
   *
   * @throws IOException if it cannot be started; the message gives the reason
   */
  static Process start(Launch launch) throws IOException {
    Path directory = launch.directory();
    if (!Files.isDirectory(directory)) {
      throw new IOException("working directory '" + directory + "' does not exist");
    }
    List<String> argv = new ArrayList<>(launch.argv());
    String name = argv.isEmpty() ? "" : argv.get(0);
    Path program = Executables.locate(name, directory, launch.environment());
    Executables.requireInterpreter(program);
    argv.set(0, program.toString());
    argv.add(0, "setsid");
    Optional<String> refusal = NativeEncoding.JVM.refusal(argv, launch.environment());
    if (refusal.isPresent()) {
      throw new IOException(refusal.get());
    }
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(directory.toFile())
            .redirectInput(launch.input().map(Path::toFile).orElse(DEV_NULL))
            .redirectOutput(launch.stdout().toFile())
            .redirectError(launch.stderr().toFile())
            .redirectErrorStream(launch.stderr().equals(launch.stdout()));
    setEnvironment(builder.environment(), launch);
    return start(builder);
  }

  /**
   * Sends SIGINT, which the JDK cannot do. Uses the shell's built-in {@code kill} because minimal
   * systems may not have the program.
   */
  static Process interrupt(long pid) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", "kill -INT \"$0\"", Long.toString(pid))
            .redirectInput(DEV_NULL)
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().clear();
    return start(builder);
  }

  private static void setEnvironment(Map<String, String> environment, Launch launch)
      throws IOException {
    environment.clear();
    try {
      environment.putAll(launch.environment());
    } catch (IllegalArgumentException e) {
      throw new IOException("invalid environment variable: " + e.getMessage(), e);
    }
    for (String name : launch.mayDetach() ? List.<String>of() : TEMP_VARIABLES) {
      environment.put(name, launch.temp().toString());
    }
  }

  private static Process start(ProcessBuilder builder) throws IOException {
    CompletableFuture<Process> started = new CompletableFuture<>();
    STARTER.execute(
        () -> {
          try {
            started.complete(builder.start());
          } catch (IOException | RuntimeException e) {
            started.completeExceptionally(e);
          }
        });
    try {
      return started.join(); // Uninterruptible, or the process could start without being tracked.
    } catch (CompletionException e) {
      throw new IOException(message(e.getCause()), e.getCause());
    }
  }

  private static String message(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    boolean noSetsid = message.startsWith(CANNOT_RUN) && message.contains(ENOENT);
    return noSetsid ? NO_SETSID + "; install the util-linux package" : message;
  }

  /**
   * Whether this message of a start blames the host and not the program, which setsid executes: a
   * limit of processes, memory or files, or no setsid.
   */
  static boolean blamesHost(String message) {
    return message.startsWith(NO_SETSID) || message.startsWith(CANNOT_RUN);
  }
}
