package dev.caravan.tools.simulator;

/**
 * One way in which a service misleads or fails its clients. A behavior overrides the hooks that it
 * needs; the others leave things as they are. It belongs to one simulator and may keep state. Used
 * only on the event loop.
 */
interface Behavior {

  /** Whether the next completion request gets a response; asked once for each. */
  default boolean responds() {
    return true;
  }

  /** Whether the next completion request is answered as cancelled; asked once for each. */
  default boolean cancels() {
    return false;
  }

  /** What is generated for this request. */
  default CompletionRequest response(CompletionRequest request) {
    return request;
  }

  /** The token counts reported in the response to this request. */
  default Usage usage(CompletionRequest request, Usage usage) {
    return usage;
  }

  /** Whether the next stream is sent in one piece at its end; asked once for each. */
  default boolean buffersStream() {
    return false;
  }

  /** Where the tokens of a response go. */
  default TokenSink reply(TokenSink reply) {
    return reply;
  }

  /**
   * The time to first token of a request.
   *
   * @param usage its token counts
   * @param elapsed time since the first completion request, in nanoseconds
   * @param nanos the time so far
   */
  default long ttftNanos(Usage usage, long elapsed, long nanos) {
    return nanos;
  }

  /**
   * The time to the next token.
   *
   * @param elapsed time since the first completion request, in nanoseconds
   * @param nanos the time so far
   */
  default long itlNanos(long elapsed, long nanos) {
    return nanos;
  }

  /**
   * When a token that is due may be sent.
   *
   * @param due when it is due: time since the first completion request, in nanoseconds
   */
  default long sendAt(long due) {
    return due;
  }

  /** The service restarts. */
  default void restart() {}
}
