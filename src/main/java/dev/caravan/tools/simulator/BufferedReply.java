package dev.caravan.tools.simulator;

import io.vertx.core.http.HttpServerResponse;

/** A response in one piece, sent after its last token. */
final class BufferedReply implements TokenSink {

  private final HttpServerResponse response;
  private final CompletionJson json;
  private final StringBuilder text = new StringBuilder();

  BufferedReply(HttpServerResponse response, CompletionJson json) {
    this.response = response;
    this.json = json;
  }

  @Override
  public void token(String word) {
    text.append(word);
  }

  @Override
  public void end() {
    response.putHeader("Content-Type", "application/json");
    response.end(json.full(text.toString()).toString());
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public void onDrain(Runnable action) {
    action.run();
  }
}
