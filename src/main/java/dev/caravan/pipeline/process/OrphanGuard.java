package dev.caravan.pipeline.process;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills wrapper programs when this JVM dies. Unlike aiperf under our launcher, they do not end by
 * themselves, and no parent-death signal reaches their children. A helper shell holds the other end
 * of a pipe, which the kernel closes when the JVM dies for any reason. The shell then kills the
 * guarded process groups and every process with one of their TMPDIRs. Thread-safe.
 */
final class OrphanGuard {

  private static final Logger LOG = LoggerFactory.getLogger(OrphanGuard.class);
  private static final String SOURCE = Launcher.read("orphans.sh");
  private static final OrphanGuard SHARED = new OrphanGuard();
  private static final Duration END_TIMEOUT = Duration.ofMillis(500);

  private final Set<String> guarded = new LinkedHashSet<>();
  private Optional<Process> shell = Optional.empty();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(SHARED::end, "orphan-guard"));
  }

  /** The guard of this JVM. */
  static OrphanGuard shared() {
    return SHARED;
  }

  /**
   * Kills a process group when this JVM dies, until {@link #release} is called.
   *
   * @param group process group ID
   * @param temp TMPDIR of its processes
   */
  synchronized void guard(long group, Path temp) {
    guarded.add(group + " " + temp);
    send("+ " + group + " " + temp + "\n");
  }

  /** The whole group has ended, so its ID may be reused soon. */
  synchronized void release(long group, Path temp) {
    if (guarded.remove(group + " " + temp)) {
      send("- " + group + " " + temp + "\n");
    }
  }

  private void send(String line) {
    try {
      if (shell.filter(Process::isAlive).isPresent()) {
        write(line);
      } else if (!guarded.isEmpty()) {
        startShell();
      }
    } catch (IOException e) {
      LOG.warn(
          "If Caravan is killed, wrapper programs around aiperf may keep running: {}",
          e.getMessage());
    }
  }

  private void startShell() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("setsid", "/bin/sh", "-c", SOURCE)
            .directory(Path.of("/").toFile())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().keySet().retainAll(Set.of("PATH"));
    shell = Optional.of(builder.start());
    for (String line : guarded) {
      write("+ " + line + "\n");
    }
  }

  /** A JVM that exits while a child runs waits 300 ms for the thread that waits for the child. */
  private synchronized void end() {
    if (shell.isEmpty()) {
      return;
    }
    try {
      shell.get().getOutputStream().close();
      shell.get().waitFor(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      LOG.debug("The shell has ended by itself", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(String line) throws IOException {
    OutputStream pipe = shell.orElseThrow().getOutputStream();
    pipe.write(line.getBytes(StandardCharsets.UTF_8));
    pipe.flush();
  }
}
