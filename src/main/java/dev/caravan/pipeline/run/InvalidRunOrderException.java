package dev.caravan.pipeline.run;

/** A message on the runs queue that does not name a run which this process may execute. */
public final class InvalidRunOrderException extends Exception {

  private static final long serialVersionUID = 1L;

  public InvalidRunOrderException(String message, Throwable cause) {
    super(message, cause);
  }

  public InvalidRunOrderException(String message) {
    super(message);
  }
}
