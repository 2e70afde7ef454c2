package dev.caravan.pipeline.record;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultRow;
import java.io.IOException;

/** Is notified by the stages of what happens to configs, runs and batches. */
public interface PipelineListener {

  /** Ignores everything. */
  PipelineListener NONE = new PipelineListener() {};

  /** A config became a batch. */
  default void accepted(Batch batch) {}

  /**
   * A config was refused. Called before the config is moved to {@code .failed/}; the listener must
   * have stored what it needs on disk when it returns.
   */
  default void refused(Claim claim, ConfigRefusedException refused) throws IOException {}

  /** An attempt, numbered from 1, is about to start. */
  default void started(Run run, int attempt) {}

  /** An attempt failed and another one follows; its files are still in the run's folder. */
  default void retrying(Run run) {}

  /** A run ended for good. */
  default void ended(Run run, ResultRow row) {}

  /** A batch has ended. Called before it is removed from the list of open batches. */
  default void finished(Batch batch, BatchSummary summary) throws IOException {}
}
