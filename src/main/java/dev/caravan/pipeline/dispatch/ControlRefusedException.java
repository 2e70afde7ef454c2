package dev.caravan.pipeline.dispatch;

/** An order that cannot be carried out; the message says why, for whoever gave it. */
public final class ControlRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** A refusal in these words. */
  public ControlRefusedException(String message) {
    super(message);
  }
}
