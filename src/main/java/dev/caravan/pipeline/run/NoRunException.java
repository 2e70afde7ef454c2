package dev.caravan.pipeline.run;

/** A message on the runs queue that is no run which this Caravan may execute. */
public final class NoRunException extends Exception {

  private static final long serialVersionUID = 1L;

  public NoRunException(String message, Throwable cause) {
    super(message, cause);
  }

  public NoRunException(String message) {
    super(message);
  }
}
