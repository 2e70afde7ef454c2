package dev.caravan.tools.simulator;

import java.util.function.IntUnaryOperator;

/**
 * Responses of another length than requested, with the finish reason of a model that stops. Like a
 * model, it does not stop early when a request says {@code ignore_eos}.
 */
final class ReplyLength implements Behavior {

  private final IntUnaryOperator length;

  /** Turns the number of tokens that a request asks for into that of its response. */
  ReplyLength(IntUnaryOperator length) {
    this.length = length;
  }

  @Override
  public CompletionRequest response(CompletionRequest request) {
    int tokens = length.applyAsInt(request.outputTokens());
    if (request.ignoresEos() && tokens < request.outputTokens()) {
      return request;
    }
    int bounded = Math.max(1, Math.min(SimulatorOptions.MAX_OUTPUT_TOKENS, tokens));
    return request.withResponse(bounded, "stop");
  }
}
