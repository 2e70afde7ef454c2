package dev.caravan.app;

import dev.caravan.observe.http.EventStream;
import dev.caravan.observe.http.HttpRequest;
import dev.caravan.observe.http.HttpResponse;
import dev.caravan.observe.http.WebApp;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Our site on Camel's HTTP server, in front of what Camel itself serves there. */
final class WebServer {

  private static final int FIRST = -100;
  private static final long MOST_BODY = 4L << 20;
  private static final long HEARTBEAT_MILLIS = 15_000;
  private static final long PROGRESS_MILLIS = 1_000;
  private static final long GATHER_MILLIS = 100;
  private static final int MOST_READERS = 1000;

  private final WebApp site;

  WebServer(WebApp site) {
    this.site = site;
  }

  /** Answers requests from now on. */
  void open(CamelContext camel, int port) {
    Router router =
        VertxPlatformHttpRouter.lookup(camel, VertxPlatformHttpRouter.getRouterNameFromPort(port));
    router.route().order(FIRST).handler(this::admit);
    router.route().order(FIRST + 1).handler(BodyHandler.create(false).setBodyLimit(MOST_BODY));
    router.route().order(FIRST + 2).blockingHandler(this::answer, false);
  }

  private void admit(RoutingContext context) {
    site.refusal(ask(context)).ifPresentOrElse(reply -> send(context, reply), context::next);
  }

  private void answer(RoutingContext context) {
    String path = context.request().path();
    if (path.startsWith("/observe/") && !path.equals("/observe/metrics")) {
      context.next();
    } else {
      send(context, site.handle(ask(context)));
    }
  }

  private static HttpRequest ask(RoutingContext context) {
    Map<String, String> headers = new HashMap<>();
    context
        .request()
        .headers()
        .forEach(
            header ->
                headers.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
    HostAndPort authority = context.request().authority();
    if (authority != null) {
      headers.putIfAbsent("host", authority.toString()); // HTTP/2 has no Host header
    }
    String query = context.request().query();
    Buffer body = context.body().buffer();
    String path = context.request().path();
    return new HttpRequest(
        context.request().method().name(),
        path == null || !path.startsWith("/") ? "/" : path,
        query == null ? Map.of() : HttpRequest.formFields(query),
        headers,
        body == null ? new byte[0] : body.getBytes(),
        String.valueOf(context.request().remoteAddress().hostAddress()));
  }

  private void send(RoutingContext context, HttpResponse reply) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(reply.status());
    reply.headers().forEach(response::putHeader);
    boolean head = context.request().method() == HttpMethod.HEAD;
    if (reply.body() instanceof HttpResponse.Bytes bytes) {
      response.putHeader("Content-Length", String.valueOf(bytes.content().length));
      response.end(head ? Buffer.buffer() : Buffer.buffer(bytes.content()));
    } else if (reply.body() instanceof HttpResponse.FileRange part && head) {
      response.putHeader("Content-Length", String.valueOf(part.length())).end();
    } else if (reply.body() instanceof HttpResponse.FileRange part) {
      response.sendFile(part.file().toString(), part.offset(), part.length());
    } else if (reply.body() instanceof HttpResponse.Events stream) {
      stream(context, response, stream);
    } else if (reply.body() instanceof HttpResponse.PageEvents) {
      pageStream(context, response);
    }
  }

  private void stream(
      RoutingContext context, HttpServerResponse response, HttpResponse.Events asked) {
    if (!EventStream.hasRoom(MOST_READERS)) {
      response.setStatusCode(503).end();
      return;
    }
    Vertx vertx = context.vertx();
    response.setChunked(true);
    response.write("retry: 1000\n\n");
    EventStream stream =
        new EventStream(
            site.pageUpdates().events(),
            asked,
            new SseWriter(response, vertx.getOrCreateContext()));
    long beat = vertx.setPeriodic(HEARTBEAT_MILLIS, id -> heartbeat(response));
    response.closeHandler(
        v -> {
          stream.close();
          vertx.cancelTimer(beat);
        });
    try {
      stream.start();
    } catch (IOException e) {
      response.reset(); // it comes back with the id of what it saw last
    }
  }

  private void pageStream(RoutingContext context, HttpServerResponse response) {
    Vertx vertx = context.vertx();
    Context loop = vertx.getOrCreateContext();
    AtomicBoolean due = new AtomicBoolean();
    response.setChunked(true);
    response.write("retry: 1000\n\nevent: changed\ndata: \n\n");
    Runnable stop =
        site.pageUpdates()
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
              if (site.busy()) {
                tell(response, "progress");
              }
            });
    long heart = vertx.setPeriodic(HEARTBEAT_MILLIS, id -> heartbeat(response));
    response.closeHandler(
        v -> {
          stop.run();
          vertx.cancelTimer(beat);
          vertx.cancelTimer(heart);
        });
  }

  private static void changed(HttpServerResponse response, AtomicBoolean due) {
    due.set(false);
    tell(response, "changed");
  }

  private static void tell(HttpServerResponse response, String event) {
    if (!response.closed() && !response.writeQueueFull()) {
      response.write("event: " + event + "\ndata: \n\n");
    }
  }

  private static void heartbeat(HttpServerResponse response) {
    if (!response.closed()) {
      response.write(": here\n\n");
    }
  }
}
