package dev.caravan.tools.simulator;

import io.vertx.core.http.HttpServerResponse;

/** An answer in one piece, sent when its last token has come. */
final class WholeReply implements Reply {

  private final HttpServerResponse response;
  private final Wording wording;
  private final StringBuilder text = new StringBuilder();

  WholeReply(HttpServerResponse response, Wording wording) {
    this.response = response;
    this.wording = wording;
  }

  @Override
  public void token(String word) {
    text.append(word);
  }

  @Override
  public void end() {
    response.putHeader("Content-Type", "application/json");
    response.end(wording.whole(text.toString()).toString());
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
