package dev.caravan.pipeline.record;

import dev.caravan.model.Batch;

/** Is notified when results of a batch have changed. Must not throw, and must return quickly. */
public interface BatchObserver {

  /** Ignores all changes. */
  BatchObserver NONE = (batch, finished) -> {};

  /**
   * The batch's results have changed.
   *
   * @param finished whether its last run has ended and its files are written; the batch is still on
   *     the list of open batches then
   */
  void changed(Batch batch, boolean finished);
}
