package dev.caravan.pipeline.record;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultRow;
import java.io.IOException;

/** What the stages tell of batches and runs. */
public interface PipelineListener {

  /** Nobody is told. */
  PipelineListener UNTOLD = new PipelineListener() {};

  /** A config became a batch. */
  default void accepted(Batch batch) {}

  /** A config was refused; told before it is filed, and on the disk when this returns. */
  default void refused(Claim claim, ConfigRefusedException refused) throws IOException {}

  /** An attempt, numbered from 1, is about to start. */
  default void started(Run run, int attempt) {}

  /** An attempt failed and another is due; it still lies in the run's folder. */
  default void retrying(Run run) {}

  /** A run ended for good. */
  default void ended(Run run, ResultRow row) {}

  /** A batch has ended; told before it is taken off the list of open ones. */
  default void finished(Batch batch, BatchSummary summary) throws IOException {}
}
