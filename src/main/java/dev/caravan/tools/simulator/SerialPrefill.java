package dev.caravan.tools.simulator;

/** Computes one prompt at a time, so that the first tokens of a burst of requests come in turn. */
final class SerialPrefill implements Behavior {

  private long freeAt;

  @Override
  public long ttftNanos(Usage usage, long elapsed, long nanos) {
    freeAt = Math.max(elapsed, freeAt) + nanos;
    return freeAt - elapsed;
  }
}
