package dev.caravan.tools.setup;

/** A setup that could not be done; the message tells what is missing and what to do, in lines. */
public final class SetupFailedException extends Exception {

  private static final long serialVersionUID = 1L;

  SetupFailedException(String message) {
    super(message);
  }

  SetupFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
