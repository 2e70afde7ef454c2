package dev.caravan.tools.simulator;

/** Leaves the token counts out of responses. */
final class NoUsage implements Behavior {

  private final EvenSample uncounted;

  /** Leaves them out of this fraction of the responses. */
  NoUsage(double share) {
    this.uncounted = new EvenSample(share, 0);
  }

  @Override
  public CompletionRequest response(CompletionRequest request) {
    return uncounted.next() ? request.withoutUsage() : request;
  }
}
