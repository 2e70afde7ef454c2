package dev.caravan.pipeline.run;

import dev.caravan.model.Cause;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.DiskErrors;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what happens to a run whose attempt Caravan could not process. An internal error ends the
 * run. After a disk error it is repeated; but if only its own folder is unusable, it is given up
 * like a run whose attempts are lost. Those attempts are counted here, since their folder may be
 * gone. Thread-safe.
 */
final class FailedAttempts {

  private static final Logger LOG = LoggerFactory.getLogger(FailedAttempts.class);
  private static final Duration RETRY_AFTER_DISK_ERROR = Duration.ofSeconds(10);

  private final RunFolderWriter files;
  private final RunLogLines log;
  private final Map<String, Unrecorded> unrecorded = new ConcurrentHashMap<>();
  private final UnwritableBatches unwritable;
  private final RepeatedTrouble gone = new RepeatedTrouble(System::nanoTime);

  /** How many attempts in a row could not write their result, and why the last one could not. */
  private record Unrecorded(int inARow, String message) {

    Unrecorded plus(Unrecorded next) {
      return new Unrecorded(inARow + next.inARow(), next.message());
    }

    String reason() {
      return "its files could not be read or written: " + message;
    }
  }

  FailedAttempts(RunFolderWriter files, RunLogLines log) {
    this.files = files;
    this.log = log;
    this.unwritable = new UnwritableBatches(files);
  }

  /** Notes that the files of an attempt of this run could be written when it started. */
  void started(Run run) {
    unwritable.written(run);
  }

  /** Why runs wait for the disk; empty if none does. */
  Optional<String> trouble() {
    return unwritable.latest();
  }

  /** Notes that the result of an attempt of this run is written. */
  void recorded(Run run) {
    unrecorded.remove(run.key());
    unwritable.written(run);
  }

  /** Archives an earlier attempt, with the reason if it has no result. */
  void setAside(Run run) throws IOException {
    Unrecorded last = unrecorded.get(run.key());
    if (last == null) {
      files.setAside(run);
    } else {
      files.setAside(run, last.reason());
    }
  }

  /** Logs once that the folder of a batch is gone, since the orders for its runs are not kept. */
  void rejected(RunOrder order, Exception cause) {
    if (cause instanceof BatchGoneException && gone.add(order.batchFolder(), cause.getMessage())) {
      LOG.warn("[{}] Not executed: {}", order.runId(), cause.getMessage());
    }
  }

  /**
   * Logs the failure of a run that can no longer be loaded, so that no file can record it. Not if
   * the folder of its batch is gone, which explains any failure.
   */
  void unloadable(RunOrder order, Exception cause, Exception failure) {
    if (!(cause instanceof BatchGoneException)) {
      LOG.error("[{}] Internal error", order.runId(), failure);
    }
  }

  /** The report on a run after this failure. */
  RunReport report(RunOrder order, Run run, Exception failure) {
    String message = message(run, DiskErrors.rootCause(failure));
    try {
      Optional<Head> done = files.finalResult(run);
      if (done.isPresent()) {
        return RunReport.ended(order, done.get()); // The result was already written.
      }
      if (DiskErrors.isCauseOf(failure)) {
        return unrecorded(order, run, message);
      }
      LOG.error("[{}] Internal error", run.id(), failure);
      return ended(order, run, Cause.INTERNAL_ERROR, message);
    } catch (IOException | RuntimeException e) {
      return unwritable.report(order, run).orElseGet(() -> unwritten(order, message, e));
    }
  }

  private static RunReport unwritten(RunOrder order, String message, Exception failure) {
    LOG.error("[{}] Cannot write the result: {}", order.runId(), failure.toString());
    return RunReport.lost(order, message, RETRY_AFTER_DISK_ERROR);
  }

  private static String message(Run run, Throwable cause) {
    return cause instanceof NoSuchFileException && RegularFiles.isAbsent(run.folder())
        ? run.folder() + " was deleted or moved while it ran"
        : cause.toString();
  }

  private RunReport unrecorded(RunOrder order, Run run, String message) throws IOException {
    Optional<RunReport> waiting = unwritable.report(order, run);
    int counted = waiting.isPresent() ? 0 : 1; // the batch has the trouble, not the run
    Unrecorded last =
        unrecorded.merge(run.key(), new Unrecorded(counted, message), Unrecorded::plus);
    if (waiting.isPresent()) {
      return waiting.get();
    }
    if (!files.isUnusable(run, last.inARow())) {
      LOG.warn("[{}] Cannot read or write files: {}; retrying", run.id(), message);
      return RunReport.lost(order, message, RETRY_AFTER_DISK_ERROR);
    }
    String lost = "lost " + last.inARow() + " times in a row; last reason: " + last.reason();
    return ended(order, run, Cause.LOST, lost);
  }

  private RunReport ended(RunOrder order, Run run, Cause cause, String message) throws IOException {
    setAside(run);
    RunOrder.Ending ending = RunOrder.Ending.failed(cause, message);
    ProcessResult result = files.writeNotExecuted(run, ending);
    recorded(run);
    log.ended(run, result, Optional.empty());
    return RunReport.ended(order, result.head());
  }
}
