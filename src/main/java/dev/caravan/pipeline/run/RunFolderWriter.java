package dev.caravan.pipeline.run;

import dev.caravan.config.ConfigKeys;
import dev.caravan.config.settings.Version;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.Judge;
import dev.caravan.pipeline.outcome.LostAttemptTimes;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.RunMetadata;
import dev.caravan.pipeline.outcome.Verdict;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.LocalHost;
import dev.caravan.storage.RunFolder;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Writes what a run leaves in its folder, in the order that makes a kill at any instant harmless:
 * aiperf's files and output, run_metadata.json, the dead letter if there is one,
 * process_result.json last.
 */
public final class RunFolderWriter {

  private static final String UI = "none";
  static final String CUT_OFF = "Caravan ended while this attempt was running";

  private final DurableFiles durableFiles;
  private final ResultWriter writer;
  private final AttemptArchive attempts;
  private final ArtifactMasker scan;
  private final ControlStore controls;
  private final RetryPolicy retries;
  private final RunDeadLetters letters;
  private final RunSecrets keys;
  private final String worker;

  /**
   * What was written of an attempt that ended.
   *
   * @param result its process_result.json
   * @param retry how long to wait for the next attempt; empty when there is none
   */
  record Written(ProcessResult result, Optional<Duration> retry) {}

  /**
   * The files of runs.
   *
   * @param maxLost attempts of a run in a row that may be lost before it is given up
   */
  public RunFolderWriter(
      DurableFiles durableFiles, RunDeadLetters letters, SecretStore keys, int maxLost) {
    this(durableFiles, letters, keys, maxLost, "");
  }

  /** The files of runs that this worker executes for a hub; empty for a Caravan alone. */
  public RunFolderWriter(
      DurableFiles durableFiles,
      RunDeadLetters letters,
      SecretStore keys,
      int maxLost,
      String worker) {
    this.worker = worker;
    this.durableFiles = durableFiles;
    this.keys = new RunSecrets(keys);
    this.writer = new ResultWriter(durableFiles::writeWhole);
    this.attempts = new AttemptArchive(durableFiles);
    this.scan = new ArtifactMasker(attempts);
    this.controls = new ControlStore(durableFiles);
    this.retries = new RetryPolicy(attempts, controls, maxLost);
    this.letters = letters;
  }

  /** How the run ended, when the tree says that it is done. */
  public Optional<Head> end(Run run) {
    return ProcessResult.head(folder(run).processResult()).filter(Head::isFinal);
  }

  /** How to end the run because somebody cancelled it; empty when nobody did. */
  Optional<RunOrder.Ending> cancelled(Run run) throws IOException {
    return controls.of(run.batch()).cancelOf(run.index()).map(RunOrder.Ending::cancelled);
  }

  /** Sets an earlier attempt aside, which an earlier life began if it has no result. */
  public void setAside(Run run) throws IOException {
    setAside(run, CUT_OFF);
  }

  /** Sets an earlier attempt aside; one without a result is explained and searched for the key. */
  void setAside(Run run, String whyLost) throws IOException {
    if (attempts.holdsOne(run.folder())) {
      if (!Files.exists(folder(run).processResult())) {
        explainLost(run, whyLost);
      }
      attempts.setAside(run.folder());
    }
  }

  /** Number of the run's next attempt, from 1. */
  int nextAttempt(Run run) throws IOException {
    return attempts.next(run.folder());
  }

  /** Whether the last attempt of a run ended because its target went away. */
  boolean lostItsTarget(Run run) throws IOException {
    return attempts.lastCause(run.folder()).equals(Cause.TARGET_LOST.word());
  }

  /** How to end a run of which so many attempts in a row were lost that it is not tried again. */
  Optional<RunOrder.Ending> lostTooOften(Run run) throws IOException {
    return retries
        .lostTooOften(run, nextAttempt(run))
        .map(message -> new RunOrder.Ending("failed", Cause.LOST.word(), message));
  }

  /** Makes the run folder and notes what is about to be run. */
  void started(Attempt attempt) throws IOException {
    Run run = attempt.task().run();
    durableFiles.createDirectories(run.folder());
    writer.write(
        folder(run),
        metadata(
            run,
            attempt.number(),
            attempt.aiperfVersion(),
            OffsetDateTime.now(),
            Optional.empty()));
  }

  /**
   * Judges an attempt that ended and writes its result.
   *
   * @param stopped whether it was ended for our own stop, so that the next life does it again
   * @param targetReady asked when requests failed
   */
  Written ended(Attempt attempt, ProcessExit ended, boolean stopped, BooleanSupplier targetReady)
      throws IOException {
    Run run = attempt.task().run();
    RunFolder folder = folder(run);
    List<String> masked = scan.mask(run, attempt.masking());
    Verdict verdict = new Judge(attempt.masking()::mask).judge(folder.path(), ended, targetReady);
    durableFiles.syncAll(folder.path());
    writer.write(
        folder,
        metadata(
            run,
            attempt.number(),
            attempt.aiperfVersion(),
            ended.startedAt(),
            Optional.of(ended.duration())));
    Optional<Duration> retry =
        stopped ? Optional.empty() : retries.after(run, verdict, attempt.number());
    Head head =
        new Head(
            verdict.outcome(),
            verdict.cause(),
            Stream.concat(verdict.reasons().stream(), masked.stream()).toList(),
            attempt.number(),
            !stopped && retry.isEmpty(),
            retry.map(OffsetDateTime.now()::plus),
            ended.startedAt(),
            ended.endedAt(),
            ended.duration(),
            attempt.aiperfVersion());
    ProcessResult result = result(run, head, attempt.executed(), ProcessResult.returnCode(ended));
    return new Written(write(run, result), retry);
  }

  /** Writes the result of a run that is ended without executing it. */
  ProcessResult notExecuted(Run run, RunOrder.Ending ending) throws IOException {
    int attempt = nextAttempt(run);
    durableFiles.createDirectories(run.folder());
    OffsetDateTime now = OffsetDateTime.now();
    writer.write(folder(run), metadata(run, attempt, "", now, Optional.of(Duration.ZERO)));
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
    return write(run, result(run, head, List.of(), OptionalInt.empty()));
  }

  /** All files of the attempt that lies in the run folder. */
  List<Path> filesOf(Run run) throws IOException {
    return attempts.files(run.folder());
  }

  /** Records an attempt that will not end. */
  void lost(Run run, String message) throws IOException {
    durableFiles.createDirectories(run.folder());
    if (!Files.exists(folder(run).runMetadata())) {
      writer.write(
          folder(run), metadata(run, nextAttempt(run), "", OffsetDateTime.now(), Optional.empty()));
    }
    explainLost(run, message);
  }

  /** Writes the dead letter of a run that ended elsewhere. */
  void letter(Run run, Head head) throws IOException {
    letters.write(run, result(run, head, List.of(), OptionalInt.empty()));
  }

  /** Writes a result for an attempt that was cut off before it had one. */
  private void explainLost(Run run, String message) throws IOException {
    LostAttemptTimes sign = LostAttemptTimes.of(folder(run), attempts.files(run.folder()));
    List<String> reasons = new ArrayList<>(List.of(message));
    reasons.addAll(scan.mask(run, keys.masking(run)));
    Head head =
        new Head(
            Outcome.FAILED,
            Cause.LOST.word(),
            List.copyOf(reasons),
            nextAttempt(run),
            false,
            Optional.empty(),
            sign.startedAt(),
            sign.endedAt(),
            sign.duration(),
            sign.aiperfVersion());
    write(run, result(run, head, List.of(), OptionalInt.empty()));
  }

  private static ProcessResult result(
      Run run, Head head, List<String> executed, OptionalInt returnCode) {
    List<String> args = AiperfArguments.equivalent(run.parameters(), run.folder(), UI);
    return ProcessResult.of(folder(run), head, executed, args, returnCode);
  }

  private ProcessResult write(Run run, ProcessResult result) throws IOException {
    if (result.head().isFinal()) {
      letters.write(run, result);
    }
    writer.write(folder(run), result);
    return result;
  }

  private RunMetadata metadata(
      Run run,
      int attempt,
      String aiperfVersion,
      OffsetDateTime startedAt,
      Optional<Duration> duration) {
    return new RunMetadata(
        run.index(),
        startedAt.toLocalDateTime(),
        run.batch().record().sourceFile(),
        run.sweepValues(),
        run.batch().config().base(),
        List.copyOf(ConfigKeys.names()),
        AiperfArguments.shellLine(run.parameters(), run.folder(), UI),
        run.batch().id(),
        run.id(),
        run.folderName(),
        run.parameters(),
        run.batch().config().labels(),
        attempt,
        aiperfVersion,
        Version.CARAVAN,
        LocalHost.name(),
        worker,
        duration);
  }

  private static RunFolder folder(Run run) {
    return new RunFolder(run.folder());
  }
}
