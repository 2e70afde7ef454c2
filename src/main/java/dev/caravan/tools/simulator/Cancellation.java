package dev.caravan.tools.simulator;

/** Answers as if the client had cancelled the request. */
final class Cancellation implements Behavior {

  private final EvenSample cancelled;

  /** Cancels this fraction of the requests. */
  Cancellation(double share) {
    this.cancelled = new EvenSample(share, 0);
  }

  @Override
  public boolean cancels() {
    return cancelled.next();
  }
}
