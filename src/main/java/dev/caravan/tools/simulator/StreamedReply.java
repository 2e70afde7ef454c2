package dev.caravan.tools.simulator;

import io.vertx.core.http.HttpServerResponse;

/** An answer as server-sent events: each token is written in the moment it comes. */
final class StreamedReply implements TokenSink {

  private final HttpServerResponse response;
  private final CompletionJson completionJson;
  private boolean opened;
  private boolean gone;

  StreamedReply(HttpServerResponse response, CompletionJson completionJson) {
    this.response = response;
    this.completionJson = completionJson;
  }

  /** Like vLLM, the first token brings the role with it: nothing is sent before there is any. */
  @Override
  public void token(String word) {
    if (opened) {
      write(completionJson.word(word));
      return;
    }
    opened = true;
    response.setChunked(true);
    response.putHeader("Content-Type", "text/event-stream; charset=utf-8");
    response.putHeader("Cache-Control", "no-cache");
    write(completionJson.opening() + completionJson.word(word));
  }

  @Override
  public void end() {
    response.end(completionJson.closing());
  }

  /**
   * Also once a write failed: the caller is gone, which the response says only a moment later, and
   * what is written until then would vanish without end.
   */
  @Override
  public boolean isFull() {
    return gone || response.writeQueueFull();
  }

  @Override
  public void whenRoom(Runnable action) {
    response.drainHandler(room -> action.run());
  }

  private void write(String events) {
    response.write(events).onFailure(closed -> gone = true);
  }
}
