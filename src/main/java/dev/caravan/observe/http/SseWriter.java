package dev.caravan.observe.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
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
  private final HttpConnection connection;
  private final Context loop;

  /** Writes to the response of this request; call it on the event loop of the request. */
  SseWriter(RoutingContext context) {
    this.response = context.response();
    this.connection = context.request().connection();
    this.loop = context.vertx().getOrCreateContext();
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
      throw new IOException("the client does not read its events", e);
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
      Connections.cut(connection); // not reset(): Vert.x then reports no end of the response
    } else {
      response.write(text);
    }
  }
}
