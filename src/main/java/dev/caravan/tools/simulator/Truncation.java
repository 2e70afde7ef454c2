package dev.caravan.tools.simulator;

/** Responses that break off in the middle: a stream with an error event, after status 200. */
final class Truncation implements Behavior {

  private final EvenSample broken;

  /** Breaks off this fraction of the responses. */
  Truncation(double share) {
    this.broken = new EvenSample(share, 0);
  }

  @Override
  public CompletionRequest response(CompletionRequest request) {
    return broken.next()
        ? request.withResponse(Math.max(1, request.outputTokens() / 2), CompletionRequest.BROKEN)
        : request;
  }
}
