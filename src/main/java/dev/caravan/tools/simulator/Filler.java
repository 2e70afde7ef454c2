package dev.caravan.tools.simulator;

/** Sends a blank before the model answers, as a gateway does that keeps its connections open. */
final class Filler implements Behavior {

  private static final String BLANK = " ";

  @Override
  public TokenSink reply(TokenSink reply) {
    reply.token(BLANK);
    return reply;
  }
}
