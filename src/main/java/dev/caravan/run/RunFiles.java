package dev.caravan.run;

import dev.caravan.batch.Hosts;
import dev.caravan.batch.Run;
import dev.caravan.batch.Tree;
import dev.caravan.config.Keys;
import dev.caravan.config.Version;
import dev.caravan.exec.AiperfArguments;
import dev.caravan.exec.Ended;
import dev.caravan.result.Cause;
import dev.caravan.result.Judge;
import dev.caravan.result.Outcome;
import dev.caravan.result.ProcessResult;
import dev.caravan.result.ProcessResult.Head;
import dev.caravan.result.ResultWriter;
import dev.caravan.result.RunFolder;
import dev.caravan.result.RunMetadata;
import dev.caravan.result.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * Writes what a run leaves in its folder, in the order that makes a kill at any instant harmless:
 * aiperf's files and output, run_metadata.json, process_result.json last.
 */
final class RunFiles {

  private static final String UI = "none";

  private final Tree tree;
  private final ResultWriter writer;

  RunFiles(Tree tree) {
    this.tree = tree;
    this.writer = new ResultWriter(tree::writeWhole);
  }

  /** Whether the tree says that the run is done. */
  boolean isFinal(Run run) {
    return ProcessResult.head(folder(run).processResult()).filter(Head::isFinal).isPresent();
  }

  /** Makes the run folder and notes what is about to be run. */
  void started(Attempt attempt) throws IOException {
    Run run = attempt.task().run();
    tree.createDirectories(run.folder());
    writer.write(
        folder(run),
        metadata(
            run,
            attempt.number(),
            attempt.aiperfVersion(),
            OffsetDateTime.now(),
            Optional.empty()));
  }

  /** Judges an attempt that ended and writes its result. */
  ProcessResult ended(Attempt attempt, Ended ended, boolean isFinal, BooleanSupplier targetReady)
      throws IOException {
    Run run = attempt.task().run();
    RunFolder folder = folder(run);
    attempt.masking().maskFile(folder.stdout());
    attempt.masking().maskFile(folder.stderr());
    Verdict verdict = new Judge(attempt.masking()::mask).judge(folder.path(), ended, targetReady);
    tree.syncAll(folder.path());
    writer.write(
        folder,
        metadata(
            run,
            attempt.number(),
            attempt.aiperfVersion(),
            ended.startedAt(),
            Optional.of(ended.duration())));
    Head head =
        new Head(
            verdict.outcome(),
            verdict.cause(),
            verdict.reasons(),
            attempt.number(),
            isFinal,
            Optional.empty(),
            ended.startedAt(),
            ended.endedAt(),
            ended.duration(),
            attempt.aiperfVersion());
    return write(run, head, attempt.executed(), ProcessResult.returnCode(ended));
  }

  /** Writes the result of a run that is ended without executing it. */
  ProcessResult notExecuted(Run run, int attempt, RunOrder.Ending ending) throws IOException {
    tree.createDirectories(run.folder());
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
    return write(run, head, List.of(), OptionalInt.empty());
  }

  /** Writes a result for an attempt that was cut off before it had one. */
  void explainLost(Run run, int attempt) throws IOException {
    if (Files.exists(folder(run).processResult())) {
      return;
    }
    OffsetDateTime now = OffsetDateTime.now();
    Head head =
        new Head(
            Outcome.FAILED,
            Cause.LOST.word(),
            List.of("Caravan ended while this attempt was running"),
            attempt,
            false,
            Optional.empty(),
            now,
            now,
            Duration.ZERO,
            "");
    write(run, head, List.of(), OptionalInt.empty());
  }

  private ProcessResult write(Run run, Head head, List<String> executed, OptionalInt returnCode)
      throws IOException {
    List<String> args = AiperfArguments.equivalent(run.parameters(), run.folder(), UI);
    ProcessResult result = ProcessResult.of(folder(run), head, executed, args, returnCode);
    writer.write(folder(run), result);
    return result;
  }

  private static RunMetadata metadata(
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
        List.copyOf(Keys.names()),
        AiperfArguments.shellLine(run.parameters(), run.folder(), UI),
        run.batch().id(),
        run.id(),
        run.folderName(),
        run.parameters(),
        run.batch().config().labels(),
        attempt,
        aiperfVersion,
        Version.CARAVAN,
        Hosts.name(),
        duration);
  }

  private static RunFolder folder(Run run) {
    return new RunFolder(run.folder());
  }
}
