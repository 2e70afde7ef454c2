package dev.caravan.app;

import dev.caravan.model.Batch;
import java.util.List;

/** Stands in for {@code Resume} in one-shot runs, which resume no other batches. */
public final class NothingToResume {

  /** Always empty. */
  public List<Batch> unfinishedBatches() {
    return List.of();
  }

  /** Never called, as there are no batches. */
  public void resumed(Batch batch) {
    throw new IllegalStateException("there is nothing to resume: " + batch.id());
  }

  /** Does nothing. */
  public void finished() {
    // nothing waits for this
  }
}
