package dev.caravan.pipeline.run;

import java.nio.file.Path;

/** A run cannot be executed, since the folder of its batch was deleted after it was accepted. */
public final class BatchGoneException extends InvalidRunOrderException {

  private static final long serialVersionUID = 1L;

  BatchGoneException(Path folder) {
    super("the folder of its batch is gone: " + folder);
  }
}
