package dev.caravan.pipeline.dispatch;

/** A control request that cannot be carried out; the message tells the user why. */
public final class ControlRefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  public ControlRefusedException(String message) {
    super(message);
  }
}
