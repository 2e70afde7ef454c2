package dev.caravan.tools.setup;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A process that does not outlive this JVM: it is killed when the JVM exits, and not started once
 * it does.
 */
final class GuardedProcess {

  private final Thread hook = new Thread(this::end, "setup-kill");
  private Optional<Process> process = Optional.empty();
  private boolean ended;

  private GuardedProcess() {}

  /**
   * Runs a process; it is killed on timeout and on interrupt, too.
   *
   * @return its exit code; empty on timeout
   * @throws InterruptedException also when the JVM exits
   */
  static OptionalInt run(ProcessBuilder builder, Duration limit)
      throws IOException, InterruptedException {
    return new GuardedProcess().runGuarded(builder, limit);
  }

  private OptionalInt runGuarded(ProcessBuilder builder, Duration limit)
      throws IOException, InterruptedException {
    changeHooks(() -> Runtime.getRuntime().addShutdownHook(hook));
    try {
      Process started = start(builder);
      return started.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
          ? OptionalInt.of(started.exitValue())
          : OptionalInt.empty();
    } finally {
      end();
      changeHooks(() -> Runtime.getRuntime().removeShutdownHook(hook));
    }
  }

  private synchronized Process start(ProcessBuilder builder)
      throws IOException, InterruptedException {
    if (ended) {
      throw new InterruptedException("Caravan exits");
    }
    Process started = builder.start();
    process = Optional.of(started);
    return started;
  }

  private synchronized void end() {
    ended = true;
    process.filter(Process::isAlive).ifPresent(GuardedProcess::kill);
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static void changeHooks(Runnable change) throws InterruptedException {
    try {
      change.run();
    } catch (IllegalStateException e) {
      throw new InterruptedException("Caravan exits");
    }
  }
}
