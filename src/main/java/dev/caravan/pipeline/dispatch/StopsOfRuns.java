package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.pipeline.accept.ControlStore;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels what is left of a batch because of a run that has ended. Its result is written before the
 * cancellation, so that a kill between the two must be made up for when the batch is opened.
 *
 * @param records know what the runs of batches left
 * @param controls stores the cancellation
 */
record StopsOfRuns(RunRecords records, ControlStore controls) {

  private static final Logger LOG = LoggerFactory.getLogger(StopsOfRuns.class);

  /** What is requested for a batch that is being opened. Who retries a run knows how it ended. */
  Control control(Batch batch) throws IOException {
    Control control = controls.of(batch);
    boolean isSettled = control.cancelled().isPresent() || !control.retries().isEmpty();
    Optional<String> stop = isSettled ? Optional.empty() : records.stopOf(batch);
    if (stop.isEmpty()) {
      return control;
    }
    LOG.warn("[{}] Cancelled the remaining runs: {}", batch.id(), stop.get());
    Control cancelled = control.withCancellation(new Control.Order("caravan", stop.get()));
    controls.write(batch, cancelled);
    return cancelled;
  }
}
