package dev.caravan.tools.setup;

/** A setup failed. The message may have several lines and says what to do. */
public final class SetupFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  SetupFailedException(String message) {
    super(message);
  }

  SetupFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
