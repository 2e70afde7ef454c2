package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the owner of the tree does for a run that another machine executes. */
public final class RemoteRuns {

  private final BatchStore batches;
  private final OutputRoots roots;
  private final RunFolderWriter files;

  public RemoteRuns(BatchStore batches, OutputRoots roots, RunFolderWriter files) {
    this.batches = batches;
    this.roots = roots;
    this.files = files;
  }

  /**
   * The run that an order or a report names.
   *
   * @throws InvalidRunOrderException when there is none, or it lies outside of the results roots
   */
  public Run run(String batchFolder, int index) throws InvalidRunOrderException {
    try {
      Path folder = Path.of(batchFolder);
      if (!roots.holds(folder)) {
        throw new InvalidRunOrderException("lies outside of the results roots: " + folder);
      }
      return batches.load(folder).run(index);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidRunOrderException("no such run: " + e.getMessage(), e);
    }
  }

  /** How the run ended, when the tree says that it is done. */
  public Optional<Head> end(Run run) {
    return files.end(run);
  }

  /**
   * The report on an order that needs no execution, written into its folder; empty when it is to be
   * executed, for which an earlier attempt is set aside.
   */
  public Optional<RunReport> withoutExecution(RunOrder order, Run run) throws IOException {
    Optional<Head> done = files.end(run);
    if (done.isPresent()) {
      return Optional.of(RunReport.ended(order, done.get()));
    }
    Optional<RunOrder.Ending> cancelled = files.cancelled(run);
    Optional<RunOrder.Ending> ending = order.endingAsked().or(() -> cancelled);
    files.setAside(run);
    if (ending.isEmpty()) {
      ending = files.lostTooOften(run);
    }
    return ending.isPresent() ? Optional.of(end(order, run, ending.get())) : Optional.empty();
  }

  /** Ends a run without a result of aiperf; its report. */
  public RunReport end(RunOrder order, Run run, RunOrder.Ending ending) throws IOException {
    files.setAside(run);
    return RunReport.ended(order, files.notExecuted(run, ending).head());
  }

  /** Records that the attempt under way is lost; the report that has it done again. */
  public RunReport lost(RunOrder order, Run run, String message) throws IOException {
    files.setAside(run);
    files.lost(run, message);
    return RunReport.lost(order, message, Duration.ZERO);
  }

  /** Explains an attempt that its worker did not end; what it left stays where it is. */
  public RunReport lostHere(RunOrder order, Run run, String message) throws IOException {
    files.lost(run, message);
    return RunReport.lost(order, message, Duration.ZERO);
  }

  /** All files of the attempt that lies in the run folder, but for links. */
  public List<Path> files(Run run) throws IOException {
    return files.filesOf(run);
  }

  /** Number of the run's next attempt, from 1. */
  public int nextAttempt(Run run) throws IOException {
    return files.nextAttempt(run);
  }

  /** What an earlier attempt left of its end. */
  public Path earlierResult(Run run, int attempt) {
    return run.folder()
        .resolve(AttemptArchive.FOLDER)
        .resolve(String.valueOf(attempt))
        .resolve(RunFolder.PROCESS_RESULT);
  }

  /** Folder of an attempt that was superseded. */
  public Path aside(Run run, int attempt) throws IOException {
    if (files.end(run).isEmpty() && files.nextAttempt(run) == attempt) {
      files.setAside(run);
    }
    return earlierResult(run, attempt).getParent();
  }

  /**
   * Writes the dead letter of a run, if it is to have one, before its result is in the tree.
   *
   * @param processResult the result, wherever it lies
   */
  public void letter(Run run, Path processResult) throws IOException {
    Optional<Head> head = ProcessResult.head(processResult);
    if (head.isPresent() && head.get().isFinal()) {
      files.letter(run, head.get());
    }
  }
}
