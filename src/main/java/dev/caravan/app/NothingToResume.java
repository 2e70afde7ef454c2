package dev.caravan.app;

import dev.caravan.model.Batch;
import java.util.List;

/** A one-shot run goes on with nothing that is already there. */
public final class NothingToResume {

  /** No batches. */
  public List<Batch> unfinishedBatches() {
    return List.of();
  }

  /** None is. */
  public void resumed(Batch batch) {
    throw new IllegalStateException("there is nothing to resume: " + batch.id());
  }

  /** Nobody waits for that. */
  public void finished() {
    // there was nothing to take on
  }
}
