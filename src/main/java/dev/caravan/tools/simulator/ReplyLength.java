package dev.caravan.tools.simulator;

import java.util.function.IntUnaryOperator;

/** Responses of another length than requested, with the finish reason of a model that stops. */
final class ReplyLength implements Behavior {

  private final IntUnaryOperator length;

  /** Turns the number of tokens that a request asks for into that of its response. */
  ReplyLength(IntUnaryOperator length) {
    this.length = length;
  }

  @Override
  public CompletionRequest response(CompletionRequest request) {
    int tokens = length.applyAsInt(request.outputTokens());
    int bounded = Math.max(1, Math.min(SimulatorOptions.MAX_OUTPUT_TOKENS, tokens));
    return request.withResponse(bounded, "stop");
  }
}
