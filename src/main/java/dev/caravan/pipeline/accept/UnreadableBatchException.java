package dev.caravan.pipeline.accept;

import java.io.IOException;

/** A batch folder whose files are missing, damaged or of another version; the message says why. */
public final class UnreadableBatchException extends IOException {

  private static final long serialVersionUID = 1L;

  UnreadableBatchException(String message, Throwable cause) {
    super(message, cause);
  }
}
