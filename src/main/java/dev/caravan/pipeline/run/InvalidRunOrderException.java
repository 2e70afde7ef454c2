package dev.caravan.pipeline.run;

/** A run order that does not name a run which this process may execute. */
public class InvalidRunOrderException extends Exception {

  private static final long serialVersionUID = 1L;

  public InvalidRunOrderException(String message, Throwable cause) {
    super(message, cause);
  }

  public InvalidRunOrderException(String message) {
    super(message);
  }
}
