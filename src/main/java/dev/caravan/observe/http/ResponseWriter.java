package dev.caravan.observe.http;

import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends responses; runs on the event loop of the connection. */
final class ResponseWriter {

  private static final long HEARTBEAT_MILLIS = 15_000;
  private static final long PROGRESS_MILLIS = 1_000;
  private static final long GATHER_MILLIS = 100;
  private static final String HEARTBEAT = ": here\n\n";

  /** Scripts see no comments. A page that hears nothing for long opens its stream again. */
  private static final String PAGE_HEARTBEAT = "event: alive\ndata: \n\n";

  private static final String FIRST_LINE = "retry: 1000\n\n";
  private static final int STREAM_STARTS = 8;

  private final WebApp app;
  private final Vertx vertx;
  private final HttpLimits limits;

  /** Separate threads: a slow reader of old events must not keep pages from being made. */
  private final WorkerExecutor streamStarts;

  ResponseWriter(WebApp app, Vertx vertx, HttpLimits limits) {
    this.app = app;
    this.limits = limits;
    this.vertx = vertx;
    this.streamStarts = vertx.createSharedWorkerExecutor("event-streams", STREAM_STARTS);
  }

  void send(RoutingContext context, HttpResponse reply) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(reply.status());
    reply.headers().forEach(response::putHeader);
    boolean head = context.request().method() == HttpMethod.HEAD;
    if (reply.body() instanceof HttpResponse.Bytes bytes) {
      response.putHeader("Content-Length", String.valueOf(bytes.content().length));
      guarded(context).end(head ? new byte[0] : bytes.content());
    } else if (reply.body() instanceof HttpResponse.FileRange part) {
      sendFile(context, part, head);
    } else if (head) {
      response.end();
    } else {
      openStream(context, reply.body());
    }
  }

  private GuardedWriter guarded(RoutingContext context) {
    return new GuardedWriter(context, limits.writeTime());
  }

  private void sendFile(RoutingContext context, HttpResponse.FileRange part, boolean head) {
    context.response().putHeader("Content-Length", String.valueOf(part.length()));
    if (head) {
      context.response().end();
    } else {
      guarded(context).end(part).onFailure(e -> fileFailed(context, e));
    }
  }

  /** A file may go, or a client leave, between the answer of the handler and the last byte. */
  private static void fileFailed(RoutingContext context, Throwable cause) {
    HttpServerResponse response = context.response();
    if (response.headWritten() || response.closed()) {
      Connections.cut(context.request().connection());
    } else {
      response.headers().clear();
      context.fail(cause);
    }
  }

  /** The one place where streams are counted, and where each is closed when its client leaves. */
  private void openStream(RoutingContext context, HttpResponse.Body body) {
    HttpServerResponse response = context.response();
    if (!app.streams().tryOpen()) {
      response.headers().remove("Content-Type");
      send(context, app.tooManyStreams());
      return;
    }
    ResponseEnd end = ResponseEnd.of(context);
    end.then(app.streams()::closed);
    GuardedWriter writer = guarded(context);
    response.setChunked(true);
    response.putHeader("X-Accel-Buffering", "no"); // nginx would hold events back
    writer.write(FIRST_LINE);
    boolean isOfPage = body instanceof HttpResponse.PageEvents;
    String heartbeat = isOfPage ? PAGE_HEARTBEAT : HEARTBEAT;
    long heart = vertx.setPeriodic(HEARTBEAT_MILLIS, id -> writer.write(heartbeat));
    end.then(() -> vertx.cancelTimer(heart));
    end.then(
        body instanceof HttpResponse.Events events
            ? sendEvents(context, events)
            : sendPageUpdates(response));
  }

  private Runnable sendEvents(RoutingContext context, HttpResponse.Events events) {
    EventStream stream =
        new EventStream(app.pageUpdates().events(), events, new SseWriter(context));
    streamStarts
        .executeBlocking(
            () -> {
              stream.start();
              return true;
            },
            false)
        .onFailure(
            e ->
                Connections.cut(
                    context
                        .request()
                        .connection())); // it comes back with the id of what it saw last
    return stream::close;
  }

  private Runnable sendPageUpdates(HttpServerResponse response) {
    var loop = vertx.getOrCreateContext();
    AtomicBoolean due = new AtomicBoolean();
    notify(response, "changed");
    Runnable stop =
        app.pageUpdates()
            .listen(
                () -> {
                  if (due.compareAndSet(false, true)) {
                    loop.runOnContext(
                        v -> vertx.setTimer(GATHER_MILLIS, id -> changed(response, due)));
                  }
                });
    long beat =
        vertx.setPeriodic(
            PROGRESS_MILLIS,
            id -> {
              if (app.busy()) {
                notify(response, "progress");
              }
            });
    return () -> {
      stop.run();
      vertx.cancelTimer(beat);
    };
  }

  private static void changed(HttpServerResponse response, AtomicBoolean due) {
    due.set(false);
    notify(response, "changed");
  }

  private static void notify(HttpServerResponse response, String event) {
    if (!response.closed() && !response.writeQueueFull()) {
      response.write("event: " + event + "\ndata: \n\n");
    }
  }
}
