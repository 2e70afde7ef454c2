package dev.caravan.tools.simulator;

/** Sends streams in one piece. */
final class OneChunk implements Behavior {

  private final EvenSample buffered;

  /** Sends this fraction of the streams in one piece. */
  OneChunk(double share) {
    this.buffered = new EvenSample(share, 0);
  }

  @Override
  public boolean buffersStream() {
    return buffered.next();
  }
}
