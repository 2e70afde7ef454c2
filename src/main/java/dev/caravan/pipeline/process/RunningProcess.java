package dev.caravan.pipeline.process;

import dev.caravan.pipeline.process.ProcessExit.How;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A started process until its whole tree has ended. Used by one thread. */
final class RunningProcess {

  /** How long SIGKILL may take; with the default grace of 5 s, a tree is gone within 8 s. */
  static final Duration KILL_TIMEOUT = Duration.ofMillis(2500);

  private static final long POLL_NANOS = Duration.ofMillis(250).toNanos();
  private static final Logger LOG = LoggerFactory.getLogger(RunningProcess.class);
  private static final String INTERRUPTED = "the waiting thread was interrupted";
  private static final int FIRST_OUTPUT_BYTES = 1 << 20;
  private static final int SIGKILL = 9;
  private static final int CANNOT_EXECUTE = 126;
  private static final int NOT_FOUND = 127;
  private static final String SETSID_FAILED = "setsid: ";

  private final Launch launch;
  private final StopSignal stop;
  private final Process process;
  private final ProcessRecord record;
  private final ProcessTree tree;
  private final OffsetDateTime startedAt = OffsetDateTime.now();
  private final long startedNanos = System.nanoTime();

  RunningProcess(Launch launch, StopSignal stop, Process process, String bootId) {
    this.launch = launch;
    this.stop = stop;
    this.process = process;
    long ticks = ProcessEntry.of(process.pid()).map(ProcessEntry::startTicks).orElse(-1L);
    this.record =
        new ProcessRecord(process.pid(), ticks, bootId, launch.temp(), launch.directory());
    this.tree = ProcessTree.of(record);
  }

  ProcessRecord record() {
    return record;
  }

  ProcessTree tree() {
    return tree;
  }

  /** Waits until the process ends, or ends its tree on a stop, a limit or an interruption. */
  ProcessExit await() {
    try {
      String overdue = awaitEvent();
      return process.isAlive() ? endTree(false, overdue) : exited();
    } catch (InterruptedException e) {
      ProcessExit exit = endTree(true, INTERRUPTED);
      Thread.currentThread().interrupt();
      return exit;
    }
  }

  /**
   * Waits for an exit, a stop request or a limit. Afterwards the process is still alive unless it
   * exited.
   *
   * @return the watchdog's message, or an empty string
   */
  private String awaitEvent() throws InterruptedException {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    stop.whenStopped(() -> stopped.complete(null));
    CompletableFuture<Object> event = CompletableFuture.anyOf(process.onExit(), stopped);
    long limit = TimeUnit.NANOSECONDS.convert(launch.limit());
    long poll = launch.watchdog().isPresent() ? POLL_NANOS : limit;
    for (long remaining = limit; remaining > 0; remaining = limit - elapsed().toNanos()) {
      if (completesWithin(event, Math.min(remaining, poll))) {
        return "";
      }
      Optional<String> overdue = launch.watchdog().flatMap(watchdog -> watchdog.overdue(elapsed()));
      if (overdue.isPresent()) {
        return overdue.get();
      }
    }
    return "";
  }

  private static boolean completesWithin(CompletableFuture<Object> event, long nanos)
      throws InterruptedException {
    try {
      event.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private ProcessExit endTree(boolean interrupted, String reason) {
    How how = interrupted || stop.message().isPresent() ? How.STOPPED : How.TIMED_OUT;
    String message = stop.message().orElse(reason);
    // Remember members while their parents live; those that left the session are lost later.
    tree.alive();
    boolean interruptedAgain =
        !launch.interruptGrace().isZero() && handlesInterrupt() && interruptAndWait();
    tree.kill(KILL_TIMEOUT);
    interruptedAgain |= reap();
    if (interruptedAgain) {
      Thread.currentThread().interrupt();
    }
    int code = process.isAlive() ? -SIGKILL : ProcessExit.pythonReturnCode(process.exitValue());
    return exit(how, code, message);
  }

  /** Sends SIGINT and waits for the grace period; true if this thread was interrupted. */
  private boolean interruptAndWait() {
    try {
      ProcessStarter.interrupt(process.pid());
      process.waitFor(TimeUnit.NANOSECONDS.convert(launch.interruptGrace()), TimeUnit.NANOSECONDS);
      return false;
    } catch (InterruptedException e) {
      return true;
    } catch (IOException e) {
      LOG.warn("Cannot send SIGINT to process {}: {}", process.pid(), e.getMessage());
      return false; // SIGKILL follows.
    }
  }

  /** Waits for the exit code of a killed process; true if this thread was interrupted. */
  private boolean reap() {
    try {
      process.waitFor(1, TimeUnit.SECONDS);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private boolean handlesInterrupt() {
    return launch
        .interruptMarker()
        .map(marker -> start(launch.stdout()).contains(marker))
        .orElse(true);
  }

  private ProcessExit exited() {
    int code = ProcessExit.pythonReturnCode(process.exitValue());
    if (code == CANNOT_EXECUTE || code == NOT_FOUND) {
      String output = start(launch.stderr()).strip();
      if (output.startsWith(SETSID_FAILED)) {
        return ProcessExit.withoutProcess(
            How.NOT_STARTED, output.substring(SETSID_FAILED.length()));
      }
    }
    return exit(How.EXITED, code, "");
  }

  private ProcessExit exit(How how, int returnCode, String message) {
    return new ProcessExit(how, returnCode, message, startedAt, OffsetDateTime.now(), elapsed());
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  /** The first megabyte of a file, which holds what we look for. */
  private static String start(Path file) {
    try (var in = RegularFiles.stream(file)) {
      return new String(in.readNBytes(FIRST_OUTPUT_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // Moved or unreadable, so treat it as empty.
    }
  }
}
