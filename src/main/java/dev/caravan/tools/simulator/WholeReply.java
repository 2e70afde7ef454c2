package dev.caravan.tools.simulator;

import io.vertx.core.http.HttpServerResponse;

/** An answer in one piece, sent when its last token has come. */
final class WholeReply implements TokenSink {

  private final HttpServerResponse response;
  private final CompletionJson completionJson;
  private final StringBuilder text = new StringBuilder();

  WholeReply(HttpServerResponse response, CompletionJson completionJson) {
    this.response = response;
    this.completionJson = completionJson;
  }

  @Override
  public void token(String word) {
    text.append(word);
  }

  @Override
  public void end() {
    response.putHeader("Content-Type", "application/json");
    response.end(completionJson.whole(text.toString()).toString());
  }

  @Override
  public boolean isFull() {
    return false;
  }

  @Override
  public void whenRoom(Runnable action) {
    action.run();
  }
}
