package dev.caravan.pipeline.changes;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.Target;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.run.RunReport;
import java.util.List;

/** Something that happened to a config, a batch, a run, a target or a worker. */
public sealed interface PipelineChange {

  /** A config became a batch. */
  record Accepted(Batch batch) implements PipelineChange {}

  /**
   * A config was refused. Published before the config is moved to {@code .failed/}; it stays in
   * place until the listeners have stored what they need.
   */
  record Refused(Claim claim, ConfigRefusedException problems) implements PipelineChange {}

  /** Dispatch has opened a batch. */
  record Opened(Batch batch) implements PipelineChange {}

  /** Dispatch has released a run. */
  record Released(RunOrder order) implements PipelineChange {}

  /** An attempt, numbered from 1, is about to start. */
  record Started(Run run, int attempt) implements PipelineChange {}

  /** An attempt failed and another one follows; its files are still in the run's folder. */
  record Retrying(Run run) implements PipelineChange {}

  /** A run ended for good. */
  record Ended(Run run, ResultRow row) implements PipelineChange {}

  /** The report on a run order is recorded. */
  record Reported(RunReport report) implements PipelineChange {}

  /**
   * The results of a batch have changed.
   *
   * @param finished whether its last run has ended and its files are written; the batch is still on
   *     the list of open batches then
   */
  record ResultsChanged(Batch batch, boolean finished) implements PipelineChange {}

  /**
   * A batch has ended. Published until it is stored, before the batch leaves the list of open ones.
   */
  record Finished(Batch batch, BatchSummary summary) implements PipelineChange {}

  /** A finished batch has left the list of open batches. */
  record Closed(Batch batch) implements PipelineChange {}

  /** A batch was compared, as its config says, after its end number {@code completion}. */
  record Compared(Batch batch, Verdict verdict, String sentence, int completion)
      implements PipelineChange {}

  /** A run that had ended is to be executed again. */
  record Reopened(Run run) implements PipelineChange {}

  /** A target was parked; {@code message} completes its name: "is not ready: …". */
  record Parked(Batch batch, Target target, String message) implements PipelineChange {}

  /** A batch has waited long enough: its remaining runs on the target end as unhealthy. */
  record GaveUp(Batch batch, Target target, String message) implements PipelineChange {}

  /** No run of a cancelled batch is in flight any more; its remaining runs never start. */
  record Cancelled(Batch batch) implements PipelineChange {}

  /** A target, named by its URL, has been parked since this time for this reason, which is long. */
  record LongOutage(String target, String since, String message) implements PipelineChange {}

  /** A target has long refused the probes of the batch with this id, for this reason. */
  record LongRefusal(String batch, String batchFolder, String target, String since, String message)
      implements PipelineChange {}

  /** A disk of the results is nearly full. */
  record DiskLow(String message) implements PipelineChange {}

  /** A worker that serves these pools has joined. */
  record WorkerJoined(String worker, List<String> pools) implements PipelineChange {

    public WorkerJoined {
      pools = List.copyOf(pools);
    }
  }

  /** A worker is gone, for this reason. */
  record WorkerLost(String worker, String reason) implements PipelineChange {}
}
