package dev.caravan.tools.simulator;

/** Responses that break off in the middle, after status 200. */
final class Truncation implements Behavior {

  private final EvenSample broken;
  private final String reason;

  /**
   * Breaks off this fraction of the responses, for this reason; without a word, only streams can.
   */
  Truncation(double share, String reason) {
    this.broken = new EvenSample(share, 0);
    this.reason = reason;
  }

  @Override
  public CompletionRequest response(CompletionRequest request) {
    boolean canBreakOff = request.stream() || reason.equals(CompletionRequest.BROKEN);
    return canBreakOff && broken.next()
        ? request.withResponse(Math.max(1, request.outputTokens() / 2), reason)
        : request;
  }
}
