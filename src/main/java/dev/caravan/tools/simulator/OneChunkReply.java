package dev.caravan.tools.simulator;

import io.vertx.core.http.HttpServerResponse;

/** A stream whose events all arrive at its end, as behind a proxy that buffers responses. */
final class OneChunkReply implements TokenSink {

  private final HttpServerResponse response;
  private final CompletionJson json;
  private final StringBuilder events = new StringBuilder();

  OneChunkReply(HttpServerResponse response, CompletionJson json) {
    this.response = response;
    this.json = json;
    this.events.append(json.opening());
  }

  @Override
  public void token(String word) {
    events.append(json.word(word));
  }

  @Override
  public void end() {
    StreamedReply.open(response);
    response.end(events + json.closing());
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
