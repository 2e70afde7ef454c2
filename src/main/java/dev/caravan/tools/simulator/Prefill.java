package dev.caravan.tools.simulator;

/** A time to first token that grows with the prompt tokens that have to be computed. */
final class Prefill implements Behavior {

  private final long nanosPerToken;

  Prefill(long nanosPerToken) {
    this.nanosPerToken = nanosPerToken;
  }

  @Override
  public long ttftNanos(Usage usage, long elapsed, long nanos) {
    return nanos + nanosPerToken * usage.computed();
  }
}
