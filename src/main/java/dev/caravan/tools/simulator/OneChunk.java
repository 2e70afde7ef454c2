package dev.caravan.tools.simulator;

/** Sends streams in one piece. */
final class OneChunk implements Behavior {

  @Override
  public boolean buffersStreams() {
    return true;
  }
}
