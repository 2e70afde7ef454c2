package dev.caravan.tools.simulator;

import java.util.List;

/** Answers every request with the same polite refusal, as a content filter does. */
final class Refusal implements Behavior {

  /** One token each, as {@link ReplyText}. */
  static final List<String> WORDS =
      List.of("I'm", " sorry", ",", " but", " I", " can't", " help", " with", " that");

  @Override
  public CompletionRequest response(CompletionRequest request) {
    return request.withResponse(WORDS.size(), "stop");
  }

  @Override
  public TokenSink reply(TokenSink reply) {
    return new RefusalSink(reply);
  }

  /** Replaces the words of a response. */
  private static final class RefusalSink implements TokenSink {

    private final TokenSink reply;
    private int next;

    RefusalSink(TokenSink reply) {
      this.reply = reply;
    }

    @Override
    public void token(String word) {
      reply.token(WORDS.get(next++ % WORDS.size()));
    }

    @Override
    public void end() {
      reply.end();
    }

    @Override
    public boolean isFull() {
      return reply.isFull();
    }

    @Override
    public void onDrain(Runnable action) {
      reply.onDrain(action);
    }
  }
}
