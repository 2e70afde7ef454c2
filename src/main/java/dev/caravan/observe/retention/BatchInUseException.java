package dev.caravan.observe.retention;

import java.io.IOException;

/** A batch is left alone, since somebody else runs or prunes it at this moment. */
public final class BatchInUseException extends IOException {

  private static final long serialVersionUID = 1L;

  BatchInUseException(String message, Throwable cause) {
    super(message, cause);
  }
}
