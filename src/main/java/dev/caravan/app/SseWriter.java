package dev.caravan.app;

import dev.caravan.observe.http.EventStream;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes events to one reader. One that does not keep up is cut off; it comes back with the id of
 * what it saw last.
 */
final class SseWriter implements EventStream.Output {

  private static final int PATIENCE_SECONDS = 10;

  private final HttpServerResponse response;
  private final Context loop;

  SseWriter(HttpServerResponse response, Context loop) {
    this.response = response;
    this.loop = loop;
  }

  @Override
  public void writeAndWait(String text) throws IOException {
    try {
      response
          .write(text)
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the reader of events does not read", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Caravan is stopping", e);
    }
  }

  @Override
  public void writeLater(String text) {
    loop.runOnContext(v -> write(text));
  }

  private void write(String text) {
    if (response.closed()) {
      return;
    }
    if (response.writeQueueFull()) {
      response.reset();
    } else {
      response.write(text);
    }
  }
}
