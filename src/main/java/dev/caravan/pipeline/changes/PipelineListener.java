package dev.caravan.pipeline.changes;

import java.io.IOException;

/** Receives the changes that the stages publish through {@link PipelineListeners}. */
@FunctionalInterface
public interface PipelineListener {

  /**
   * Handles a change. Must return quickly: the caller may hold a lock of its stage.
   *
   * @throws IOException when the listener must store the change and could not
   */
  void changed(PipelineChange change) throws IOException;
}
