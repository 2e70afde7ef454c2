package dev.caravan.pipeline.run;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.hooks.AttemptHooks;
import dev.caravan.pipeline.outcome.LostAttemptTimes;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ReturnCodes;
import dev.caravan.pipeline.outcome.RunMetadata;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Writes the files of a run into its folder, in an order that makes a kill at any moment harmless:
 * run_metadata.json, aiperf's files, the dead letter if there is one, process_result.json last.
 */
public final class RunFolderWriter {

  private final DurableFiles durableFiles;
  private final ResultWriter writer;
  private final AttemptArchive attempts;
  private final ArtifactMasker masker;
  private final AttemptJudge judge;
  private final ControlStore controls;
  private final RetryPolicy retries;
  private final RunDeadLetters deadLetters;
  private final String worker;

  /**
   * An attempt whose result is written.
   *
   * @param result the content of process_result.json
   * @param retry the delay before the next attempt; empty when there is none
   * @param stopsBatch why the rest of the batch must not run; empty if it may
   */
  record Written(ProcessResult result, Optional<Duration> retry, Optional<String> stopsBatch) {}

  /** What runs between the judging of an attempt and its result. */
  @FunctionalInterface
  interface AfterHook {

    /** Runs it; returns it if it did not succeed. */
    Optional<AttemptHooks.Failure> run() throws IOException;
  }

  /** A writer into the inbox of this home; {@code worker} is empty when there is no hub. */
  public static RunFolderWriter of(
      Settings settings, Home deadLetters, KeyNotes keys, DurableFiles files, String worker) {
    int maxLost = settings.count(Setting.RUN_MAX_LOST, 1);
    return new RunFolderWriter(
        files, new RunDeadLetters(deadLetters, files), keys, maxLost, worker);
  }

  /** A writer that gives a run up after {@code maxLost} lost attempts in a row. */
  public RunFolderWriter(
      DurableFiles durableFiles,
      RunDeadLetters deadLetters,
      KeyNotes keys,
      int maxLost,
      String worker) {
    this.worker = worker;
    this.durableFiles = durableFiles;
    this.writer = new ResultWriter(durableFiles::writeOver);
    this.attempts = new AttemptArchive(durableFiles);
    this.masker = new ArtifactMasker(attempts, keys, durableFiles);
    this.judge = new AttemptJudge(durableFiles, masker, worker);
    this.controls = new ControlStore(durableFiles);
    this.retries = new RetryPolicy(attempts, controls, maxLost);
    this.deadLetters = deadLetters;
  }

  /** The final result of the run; empty while it is not done. */
  public Optional<Head> finalResult(Run run) {
    return ProcessResult.head(folder(run).processResult()).filter(Head::isFinal);
  }

  /** How to end the run if it was cancelled; otherwise empty. */
  Optional<RunOrder.Ending> cancelled(Run run) throws IOException {
    return controls.of(run.batch()).cancellationOf(run.index()).map(RunOrder.Ending::cancelled);
  }

  /** Archives an earlier attempt; without a result it was lost when a former Caravan ended. */
  public void setAside(Run run) throws IOException {
    setAside(run, LostAttemptTimes.reason(folder(run)));
  }

  /** Archives an earlier attempt; if it has no result, masks its files and writes one. */
  void setAside(Run run, String whyLost) throws IOException {
    attempts.clearFolder(run.folder());
    if (attempts.holdsAttempt(run)) {
      if (!Files.exists(folder(run).processResult())) {
        writeLostResult(run, whyLost);
      }
      attempts.setAside(run);
    }
  }

  /** Whether so many attempts failed only because the run's own folder is unusable. */
  boolean isUnusable(Run run, int lostInARow) {
    return lostInARow >= retries.maxLost() && unwritable(run.batch()).isEmpty();
  }

  /**
   * Tries to write into the folder of a batch; returns why its runs cannot be recorded now, or
   * empty if they can.
   */
  Optional<String> unwritable(Batch batch) {
    return attempts.unwritable(batch.folder());
  }

  /** Whether its batch folders are copies that only one run is executed in. */
  boolean isOnWorker() {
    return !worker.isEmpty();
  }

  /** Number of the run's next attempt, from 1. */
  int nextAttempt(Run run) throws IOException {
    return attempts.nextNumber(run.folder());
  }

  /** Whether the last attempt of a run ended because its target was lost. */
  boolean lostItsTarget(Run run) throws IOException {
    return attempts.lastCause(run.folder()).equals(Cause.TARGET_LOST.value());
  }

  /** How to end a run if too many attempts in a row were lost; otherwise empty. */
  Optional<RunOrder.Ending> lostTooOften(Run run) throws IOException {
    return retries
        .lostTooOften(run, nextAttempt(run))
        .map(message -> RunOrder.Ending.failed(Cause.LOST, message));
  }

  /**
   * Creates the run folder and writes the metadata of an attempt that is about to start. On disk
   * when this returns: an attempt that makes the machine fail must be counted as lost.
   */
  void writeStarted(Attempt attempt) throws IOException {
    durableFiles.createDirectories(attempt.task().run().folder());
    masker.noteKey(attempt);
    writer.write(
        folder(attempt.task().run()),
        attempt.metadata(worker, OffsetDateTime.now(), Optional.empty()));
  }

  /**
   * Judges an attempt that ended and writes its result.
   *
   * @param stopped whether it was ended because Caravan stops, so that the run is repeated after a
   *     restart
   * @param targetReady probes the target; called when requests failed or were cut off
   * @param hook runs once the attempt is judged, since it may change the target
   */
  Written writeEnded(
      Attempt attempt,
      ProcessExit exit,
      boolean stopped,
      BooleanSupplier targetReady,
      AfterHook hook)
      throws IOException {
    Run run = attempt.task().run();
    JudgedAttempt judged = judge.judge(attempt, exit, targetReady);
    Optional<String> stopsBatch =
        (stopped ? Optional.<AttemptHooks.Failure>empty() : hook.run())
            .filter(AttemptHooks.Failure::endsBatch)
            .map(failure -> failure.run().reason());
    Optional<Duration> retry =
        stopped || stopsBatch.isPresent()
            ? Optional.empty()
            : retries.delayAfter(run, judged.checked().judgment(), attempt.number());
    Head head = judged.head(!stopped && retry.isEmpty(), retry);
    ProcessResult result = result(run, head, attempt.executed(), ReturnCodes.of(exit));
    return new Written(write(run, result), retry, stopsBatch);
  }

  /** Writes the result of a run that is ended without executing it. */
  ProcessResult writeNotExecuted(Run run, RunOrder.Ending ending) throws IOException {
    int attempt = nextAttempt(run);
    durableFiles.createDirectories(run.folder());
    OffsetDateTime now = OffsetDateTime.now();
    writer.write(
        folder(run), RunMetadata.of(run, worker, attempt, "", now, Optional.of(Duration.ZERO)));
    Head head =
        new Head(
            Outcome.of(ending.outcome()),
            ending.cause(),
            List.of(ending.reason()),
            attempt,
            true,
            Optional.empty(),
            now,
            now,
            Duration.ZERO,
            "");
    return write(run, result(run, head, List.of(), ReturnCodes.NONE));
  }

  /** All files of the attempt in the run folder. */
  List<Path> attemptFiles(Run run) throws IOException {
    return attempts.files(run);
  }

  /** Writes the result of an attempt that will never end by itself. */
  void writeLost(Run run, String message) throws IOException {
    durableFiles.createDirectories(run.folder());
    if (!Files.exists(folder(run).runMetadata())) {
      OffsetDateTime now = OffsetDateTime.now();
      writer.write(
          folder(run), RunMetadata.of(run, worker, nextAttempt(run), "", now, Optional.empty()));
    }
    writeLostResult(run, message);
  }

  /** Writes the dead letter of a run that ended on another machine. */
  void writeDeadLetter(Run run, Head head) throws IOException {
    deadLetters.write(run, result(run, head, List.of(), ReturnCodes.NONE));
  }

  /** Masks the files of an attempt that was cut off, and writes its result. */
  private void writeLostResult(Run run, String message) throws IOException {
    LostAttemptTimes times = LostAttemptTimes.of(folder(run), attempts.files(run));
    List<String> reasons = new ArrayList<>(List.of(message));
    reasons.addAll(masker.maskLost(run, nextAttempt(run)));
    Head head =
        new Head(
            Outcome.FAILED,
            Cause.LOST.value(),
            List.copyOf(reasons),
            nextAttempt(run),
            false,
            Optional.empty(),
            times.startedAt(),
            times.endedAt(),
            times.duration(),
            times.aiperfVersion());
    write(run, result(run, head, List.of(), ReturnCodes.NONE));
  }

  private static ProcessResult result(
      Run run, Head head, List<String> executed, ReturnCodes returnCodes) {
    List<String> args = AiperfArguments.equivalent(run.sent(head.attempt()), run.folder());
    return ProcessResult.of(folder(run), head, executed, args, returnCodes);
  }

  private ProcessResult write(Run run, ProcessResult result) throws IOException {
    if (result.head().isFinal()) {
      deadLetters.write(run, result);
    }
    writer.write(folder(run), result);
    return result;
  }

  private static RunFolder folder(Run run) {
    return new RunFolder(run.folder());
  }
}
