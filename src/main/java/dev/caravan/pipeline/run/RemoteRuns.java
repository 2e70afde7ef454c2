package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the owner of the results tree does for a run that another machine executes. */
public final class RemoteRuns {

  private final RunTree tree;
  private final RunFolderWriter files;

  public RemoteRuns(RunTree tree) {
    this.tree = tree;
    this.files = tree.files();
  }

  /**
   * Loads the run that an order or a report names.
   *
   * @throws InvalidRunOrderException when it does not exist or is outside the results roots
   */
  public Run run(String batchFolder, int index) throws InvalidRunOrderException {
    return tree.run(batchFolder, index);
  }

  /** The final result of the run; empty while it is not done. */
  public Optional<Head> finalResult(Run run) {
    return files.finalResult(run);
  }

  /**
   * Ends a run that needs no execution, because it is done, cancelled, or was lost too often.
   *
   * @return its report; empty when the run must be executed, with its last attempt set aside
   */
  public Optional<RunReport> withoutExecution(RunOrder order, Run run) throws IOException {
    return new RunDecision(files, new OnAnotherMachine()).withoutExecution(order, run);
  }

  private final class OnAnotherMachine implements RunDecision.Executor {

    @Override
    public Optional<RunReport> obstacle(RunOrder order, Run run) {
      return Optional.empty();
    }

    @Override
    public void setAside(Run run) throws IOException {
      files.setAside(run);
    }

    @Override
    public RunReport end(RunOrder order, Run run, RunOrder.Ending ending) throws IOException {
      return endWithoutExecution(order, run, ending);
    }
  }

  /** Writes the final result of a run that is not executed; returns its report. */
  public RunReport endWithoutExecution(RunOrder order, Run run, RunOrder.Ending ending)
      throws IOException {
    files.setAside(run);
    return RunReport.ended(order, files.writeNotExecuted(run, ending).head());
  }

  /** Records a lost attempt whose files stay on the worker; returns the report for a retry. */
  public RunReport recordLost(RunOrder order, Run run, String message) throws IOException {
    files.setAside(run);
    files.writeLost(run, message);
    return RunReport.lost(order, message, Duration.ZERO);
  }

  /**
   * The report on a run that an earlier process executed here: by the result of its attempt, or if
   * there is none, as lost, which is recorded in the run folder.
   */
  public RunReport reportLeft(RunOrder order, Run run, String whyLost) throws IOException {
    Optional<Head> left = ProcessResult.head(new RunFolder(run.folder()).processResult());
    if (left.isEmpty()) {
      files.writeLost(run, whyLost);
      return RunReport.lost(order, whyLost, Duration.ZERO);
    }
    Duration wait =
        left.get()
            .nextAttemptAt()
            .map(due -> run.batch().config().retry().leftAfter(left.get().attempt(), due))
            .orElse(Duration.ZERO);
    return left.get().isFinal()
        ? RunReport.ended(order, left.get())
        : RunReport.retry(order, left.get(), wait);
  }

  /** All files of the attempt in the run folder, except for links. */
  public List<Path> files(Run run) throws IOException {
    return files.attemptFiles(run);
  }

  /** Number of the run's next attempt, from 1. */
  public int nextAttempt(Run run) throws IOException {
    return files.nextAttempt(run);
  }

  /** The hooks that an attempt has run before it was released again. */
  public HookRecord hooks(Run run, int attempt) {
    return HookRecord.of(run.folder(), attempt);
  }

  /** Path of the process_result.json of an earlier attempt. */
  public Path earlierResult(Run run, int attempt) {
    return run.folder()
        .resolve(RunFolder.ATTEMPTS)
        .resolve(String.valueOf(attempt))
        .resolve(RunFolder.PROCESS_RESULT);
  }

  /** The archive folder of an attempt that was superseded; moves it there first if necessary. */
  public Path archiveFolder(Run run, int attempt) throws IOException {
    if (files.finalResult(run).isEmpty() && files.nextAttempt(run) == attempt) {
      files.setAside(run);
    }
    return earlierResult(run, attempt).getParent();
  }

  /**
   * Writes the dead letter of a run that failed for good, before its result is in the tree.
   *
   * @param processResult path of the result, in any folder
   */
  public void writeDeadLetter(Run run, Path processResult) throws IOException {
    Optional<Head> head = ProcessResult.head(processResult);
    if (head.isPresent() && head.get().isFinal()) {
      files.writeDeadLetter(run, head.get());
    }
  }
}
