package dev.caravan.pipeline.process;

import dev.caravan.pipeline.process.ProcessExit.How;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

/** A process from its start to the end of its tree. Used by one thread. */
final class RunningProcess {

  /** How long SIGKILL may take; with the usual grace of 5 s all is over within 8 s. */
  static final Duration KILL_PATIENCE = Duration.ofMillis(2500);

  private static final long LOOK_NANOS = Duration.ofMillis(250).toNanos();
  private static final Logger LOGGER = LoggerFactory.getLogger(RunningProcess.class);
  private static final String INTERRUPTED = "the thread that waited for it was interrupted";
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

  /** Waits for the end, or brings it about. */
  ProcessExit follow() {
    try {
      String overdue = await();
      return process.isAlive() ? endTree(false, overdue) : exited();
    } catch (InterruptedException e) {
      ProcessExit ended = endTree(true, INTERRUPTED);
      Thread.currentThread().interrupt();
      return ended;
    }
  }

  /**
   * Waits for an end, an order to stop or a limit. A limit that passed is told apart from an end by
   * the process being alive.
   *
   * @return the words of the watch, if it has any
   */
  private String await() throws InterruptedException {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    stop.whenStopped(() -> stopped.complete(null));
    CompletableFuture<Object> end = CompletableFuture.anyOf(process.onExit(), stopped);
    long limit = TimeUnit.NANOSECONDS.convert(launch.limit());
    long look = launch.watch().isPresent() ? LOOK_NANOS : limit;
    for (long left = limit; left > 0; left = limit - ran().toNanos()) {
      if (comesWithin(end, Math.min(left, look))) {
        return "";
      }
      Optional<String> overdue = launch.watch().flatMap(watch -> watch.overdue(ran()));
      if (overdue.isPresent()) {
        return overdue.get();
      }
    }
    return "";
  }

  private static boolean comesWithin(CompletableFuture<Object> end, long nanos)
      throws InterruptedException {
    try {
      end.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private ProcessExit endTree(boolean interrupted, String why) {
    How how = interrupted || stop.message().isPresent() ? How.STOPPED : How.TIMED_OUT;
    String message = stop.message().orElse(why);
    // Seen now, while the parents live; later those that left the session have lost the link.
    tree.living();
    boolean again = !launch.interruptGrace().isZero() && takesInterrupt() && interruptAndWait();
    tree.end(KILL_PATIENCE);
    again |= collect();
    if (again) {
      Thread.currentThread().interrupt();
    }
    int code = process.isAlive() ? -SIGKILL : ProcessExit.pythonReturnCode(process.exitValue());
    return ended(how, code, message);
  }

  /** Sends SIGINT and waits for the grace; true when this thread was interrupted meanwhile. */
  private boolean interruptAndWait() {
    try {
      ProcessStarter.interrupt(process.pid());
      process.waitFor(TimeUnit.NANOSECONDS.convert(launch.interruptGrace()), TimeUnit.NANOSECONDS);
      return false;
    } catch (InterruptedException e) {
      return true;
    } catch (IOException e) {
      LOGGER.warn("Cannot send SIGINT to process {}: {}", process.pid(), e.getMessage());
      return false; // SIGKILL follows.
    }
  }

  private boolean collect() {
    try {
      process.waitFor(1, TimeUnit.SECONDS);
      return false;
    } catch (InterruptedException e) {
      return true;
    }
  }

  private boolean takesInterrupt() {
    return launch
        .interruptibleFrom()
        .map(text -> firstOf(launch.stdout(), FIRST_OUTPUT_BYTES).contains(text))
        .orElse(true);
  }

  private ProcessExit exited() {
    int code = ProcessExit.pythonReturnCode(process.exitValue());
    if (code == CANNOT_EXECUTE || code == NOT_FOUND) {
      String said = firstOf(launch.stderr(), FIRST_OUTPUT_BYTES).strip();
      if (said.startsWith(SETSID_FAILED)) {
        return ProcessExit.withoutProcess(How.NOT_STARTED, said.substring(SETSID_FAILED.length()));
      }
    }
    return ended(How.EXITED, code, "");
  }

  private ProcessExit ended(How how, int returnCode, String message) {
    return new ProcessExit(how, returnCode, message, startedAt, OffsetDateTime.now(), ran());
  }

  private Duration ran() {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  private static String firstOf(Path file, int bytes) {
    try (var in = Files.newInputStream(file)) {
      return new String(in.readNBytes(bytes), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // Moved away or unreadable: then nothing is known about it.
    }
  }
}
