package dev.caravan.pipeline.changes;

import java.io.IOException;

/** Is told by the stages, through {@link PipelineListeners}, what happens. */
@FunctionalInterface
public interface PipelineListener {

  /**
   * Something happened. Must return quickly: the caller may hold a lock of its stage.
   *
   * @throws IOException when the listener could not store a change that it must store
   */
  void changed(PipelineChange change) throws IOException;
}
