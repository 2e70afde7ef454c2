package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.pipeline.accept.ControlStore;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cancels what is left of a batch because of a run that has ended. Its result is written before the
 * cancellation; a kill between the two is made up for when the batch is opened.
 *
 * @param records know how the runs of batches ended
 * @param controls stores the cancellation
 */
record StopsOfRuns(RunRecords records, ControlStore controls) {

  private static final Logger LOG = LoggerFactory.getLogger(StopsOfRuns.class);

  /** The control orders of a batch that is being opened, with the cancellation that is due. */
  Control control(Batch batch) throws IOException {
    Control control = controls.of(batch);
    Optional<String> stop =
        control.cancellationOfAll().isPresent()
            ? Optional.empty()
            : records.stopOf(batch, lastRetry(control));
    if (stop.isEmpty()) {
      return control;
    }
    LOG.warn("[{}] Cancelled the remaining runs: {}", batch.id(), stop.get());
    Control cancelled = control.withCancellation(new Control.Order("caravan", stop.get()));
    controls.write(batch, cancelled);
    return cancelled;
  }

  /** A user who retried a run knew how the runs before had ended. */
  private static OffsetDateTime lastRetry(Control control) {
    return control.retries().stream()
        .map(Control.Order::time)
        .max(Comparator.naturalOrder())
        .orElse(OffsetDateTime.MIN);
  }
}
