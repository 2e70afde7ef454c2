package dev.caravan.pipeline.record;

import dev.caravan.model.Batch;

/** Is told when there is something new to see of a batch; never throws, and is quick or brief. */
public interface BatchObserver {

  /** Sees nothing. */
  BatchObserver NONE = (batch, finished) -> {};

  /**
   * The batch's summary and table have changed.
   *
   * @param finished whether its last run has ended; it is still on the list of open batches then
   */
  void changed(Batch batch, boolean finished);
}
