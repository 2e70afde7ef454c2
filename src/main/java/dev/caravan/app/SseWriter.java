package dev.caravan.app;

import dev.caravan.observe.http.EventStream;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Writes server-sent events to one client. A client that is too slow is disconnected; it reconnects
 * with the id of the last event that it received.
 */
final class SseWriter implements EventStream.Out {

  private static final int WRITE_TIMEOUT_SECONDS = 10;

  private final HttpServerResponse response;
  private final Context context;

  SseWriter(HttpServerResponse response, Context context) {
    this.response = response;
    this.context = context;
  }

  @Override
  public void now(String text) throws IOException {
    try {
      response
          .write(text)
          .toCompletionStage()
          .toCompletableFuture()
          .get(WRITE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the client does not read its events", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Caravan is stopping", e);
    }
  }

  @Override
  public void soon(String text) {
    context.runOnContext(v -> write(text));
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
