package dev.caravan.tools.simulator;

/** Responses that break off in the middle, after status 200. */
final class Truncation implements Behavior {

  private final EvenSample broken;
  private final String reason;

  /** Breaks off this fraction of the responses, for this reason. */
  Truncation(double share, String reason) {
    this.broken = new EvenSample(share, 0);
    this.reason = reason;
  }

  @Override
  public CompletionRequest response(CompletionRequest request) {
    return broken.next()
        ? request.withResponse(Math.max(1, request.outputTokens() / 2), reason)
        : request;
  }
}
