package dev.caravan.pipeline.record;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.BatchLock;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes the end of batches, and takes them off the list of open ones. */
final class BatchEnds {

  private static final Logger LOG = LoggerFactory.getLogger(BatchEnds.class);

  private final OpenBatches open;
  private final PipelineListeners listeners;
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);

  BatchEnds(OpenBatches open, PipelineListeners listeners) {
    this.open = open;
    this.listeners = listeners;
  }

  /** Ends a batch whose files are written; false when that must be tried again. */
  boolean written(OpenResults results) {
    Batch batch = results.batch();
    if (!results.allWritten()) {
      LOG.error(
          "[{}] Some results could not be written; their runs are executed again after a restart",
          batch.id());
      return true;
    }
    boolean closed = closed(results);
    if (closed && isOwnedByDaemon(batch)) { // a one-shot run prints its own summary
      LOG.info("[{}] Finished: {}", batch.id(), batch.folder());
    }
    return closed;
  }

  /**
   * Puts a batch back on the list of open ones, before anything else of it changes, so that it is
   * resumed after a kill and not pruned.
   */
  void undo(Batch batch) throws IOException {
    try (BatchLock lock = BatchLock.take(batch)) {
      LOG.debug("Holding {}", lock);
      open.ensure(batch);
    } catch (SettingsRefusedException e) {
      throw new IOException(batch.folder() + " is being pruned", e);
    }
  }

  /** Publishes the end of a batch and closes it; false when that is to be tried again. */
  private boolean closed(OpenResults results) {
    Batch batch = results.batch();
    boolean closed = notifyFinished(results) && close(batch);
    if (!closed && isOwnedByDaemon(batch)) {
      results.markChanged();
      return false;
    }
    troubles.over(batch.folder().toString());
    return true;
  }

  /**
   * Ends a batch whose folder was deleted or replaced: there is nothing left to write into. If the
   * folder around it is gone, too, its disk may not be mounted: then it stays on the list. False
   * when that is to be tried again.
   */
  boolean vanished(OpenResults results) {
    Batch batch = results.batch();
    if (!Files.isDirectory(batch.folder().getParent())) {
      LOG.error(
          "[{}] Stopped: {} is gone; resumed after a restart if it is there again",
          batch.id(),
          batch.folder().getParent());
      return true;
    }
    boolean closed = closed(results);
    if (closed) {
      LOG.error(
          "[{}] Ended: its folder was deleted or replaced while it ran: {}",
          batch.id(),
          batch.folder());
    }
    return closed;
  }

  /** Notifies the listener of the end of the batch; false when that is to be tried again. */
  private boolean notifyFinished(OpenResults results) {
    try {
      listeners.store(new PipelineChange.Finished(results.batch(), results.summary()));
      return true;
    } catch (IOException e) {
      logOnce(results.batch(), "Cannot publish the end of the batch", e);
      return false;
    }
  }

  /** Removes the batch from the list of open ones; false when that is to be tried again. */
  private boolean close(Batch batch) {
    try {
      return open.remove(batch.record().claimId());
    } catch (IOException e) {
      logOnce(batch, "Finished, but still on the list of open batches", e);
      return false;
    }
  }

  private void logOnce(Batch batch, String what, IOException trouble) {
    if (troubles.add(batch.folder().toString(), what + trouble)) {
      LOG.error("[{}] {}; will retry: {}", batch.id(), what, trouble.toString());
    }
  }

  /** A one-shot run ends with its batch even when the disk is full; a daemon tries again. */
  static boolean isOwnedByDaemon(Batch batch) {
    return batch.record().owner().mode().equals(Owner.DAEMON);
  }
}
