package dev.caravan.tools.simulator;

/** Responds to no completion request after the first ones, until the service restarts. */
final class Wedge implements Behavior {

  private final long requests;
  private long seen;

  Wedge(long requests) {
    this.requests = requests;
  }

  @Override
  public boolean responds() {
    return seen++ < requests;
  }

  @Override
  public void restart() {
    seen = 0;
  }
}
