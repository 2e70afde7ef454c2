package dev.caravan.tools.simulator;

import io.vertx.core.http.HttpServerResponse;

/** A response as server-sent events; each token is written as soon as it is generated. */
final class StreamedReply implements TokenSink {

  private final HttpServerResponse response;
  private final CompletionJson json;
  private boolean opened;
  private boolean disconnected;

  StreamedReply(HttpServerResponse response, CompletionJson json) {
    this.response = response;
    this.json = json;
  }

  /** Like vLLM, sends nothing before the first token, which comes with the role. */
  @Override
  public void token(String word) {
    if (opened) {
      write(json.word(word));
      return;
    }
    opened = true;
    open(response);
    write(json.opening() + json.word(word));
  }

  @Override
  public void end() {
    response.end(json.closing());
  }

  /**
   * Also true after a failed write: the client has disconnected, but the response reports that only
   * later, and generation must not run on until then.
   */
  @Override
  public boolean isFull() {
    return disconnected || response.writeQueueFull();
  }

  @Override
  public void onDrain(Runnable action) {
    response.drainHandler(drained -> action.run());
  }

  /** Begins a stream of events. */
  static void open(HttpServerResponse response) {
    response.setChunked(true);
    response.putHeader("Content-Type", "text/event-stream; charset=utf-8");
    response.putHeader("Cache-Control", "no-cache");
  }

  private void write(String events) {
    response.write(events).onFailure(closed -> disconnected = true);
  }
}
