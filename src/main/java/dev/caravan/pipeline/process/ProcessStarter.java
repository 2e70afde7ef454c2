package dev.caravan.pipeline.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts processes, all from one thread that lives as long as the JVM: the kernel sends the signal
 * that our launcher asked for (PR_SET_PDEATHSIG) when the <em>thread</em> that started it ends, not
 * the process (prctl(2)).
 */
final class ProcessStarter {

  private static final String ENOENT = "error=2,";
  private static final File NOTHING = new File("/dev/null");
  private static final ExecutorService STARTER =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "process-starter");
            thread.setDaemon(true);
            return thread;
          });

  private ProcessStarter() {}

  /**
   * Starts the process in a session, and so a group, of its own: {@code setsid} needs no fork,
   * since a child of the JVM leads no group, and the process keeps its pid.
   *
   * @throws IOException when it cannot be started; the message says why in words
   */
  static Process start(Launch launch) throws IOException {
    Path directory = launch.directory();
    if (!Files.isDirectory(directory)) {
      throw new IOException("working directory '" + directory + "' is not there");
    }
    List<String> argv = new ArrayList<>(launch.argv());
    String name = argv.isEmpty() ? "" : argv.get(0);
    Path program = Executables.locate(name, directory, launch.environment());
    argv.set(0, program.toString());
    argv.add(0, "setsid");
    ProcessBuilder builder =
        new ProcessBuilder(argv)
            .directory(directory.toFile())
            .redirectInput(NOTHING)
            .redirectOutput(launch.stdout().toFile())
            .redirectError(launch.stderr().toFile());
    setEnvironment(builder.environment(), launch);
    return start(builder);
  }

  /**
   * Sends SIGINT, for which the JDK has no call. The shell's own {@code kill} is used, since not
   * every small system has the program of that name.
   */
  static Process interrupt(long pid) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", "kill -INT \"$0\"", Long.toString(pid))
            .redirectInput(NOTHING)
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
      throw new IOException("an environment variable is not usable: " + e.getMessage(), e);
    }
    for (String name : List.of("TMPDIR", "TEMP", "TMP")) {
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
      return started.join(); // Not to be interrupted: nobody would know of the process.
    } catch (CompletionException e) {
      throw new IOException(message(e.getCause()), e.getCause());
    }
  }

  private static String message(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    boolean noSetsid =
        message.startsWith("Cannot run program \"setsid\"") && message.contains(ENOENT);
    return noSetsid ? "setsid is not on PATH; install the package util-linux" : message;
  }
}
