package dev.caravan.observe.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Binds a {@link WebApp} to Vert.x Web: checks each request, reads its body, and has the matching
 * handler answer it on a worker thread.
 */
final class WebRouter {

  /** A form needs up to three bytes for one of a config, which may have 1 MiB. */
  private static final int MAX_BODY_KIB = 4 << 10;

  /** All connections together must not fill the memory with what needs no token. */
  private static final int MAX_PUBLIC_BODY_KIB = 16;

  private static final String RETRY_SECONDS = "5";
  private static final String HANDLED = "handled";
  private static final String BODY = "body";

  private final WebApp app;
  private final Vertx vertx;
  private final Connections connections;
  private final ResponseWriter writer;
  private final BodyBudget bodies;

  WebRouter(WebApp app, Vertx vertx, Connections connections, BodyBudget bodies) {
    this.app = app;
    this.vertx = vertx;
    this.connections = connections;
    this.writer = new ResponseWriter(app, vertx, connections.limits());
    this.bodies = bodies;
  }

  Router router() {
    Router router = Router.router(vertx);
    router.route().handler(this::admit);
    router.route().handler(this::readBody);
    for (Routes.Route each : app.routes()) {
      Route route = route(router, each.path()).method(HttpMethod.valueOf(each.method()));
      if (each.method().equals("GET")) {
        route.method(HttpMethod.HEAD);
      }
      route.handler(context -> answer(context, each.handler()));
    }
    allowedMethods()
        .forEach(
            (path, methods) ->
                route(router, path).handler(context -> wrongMethod(context, methods)));
    router.errorHandler(400, context -> fail(context, 400, "the path is invalid"));
    router.errorHandler(404, context -> fail(context, 404, "page not found"));
    router.errorHandler(
        500, context -> writer.send(context, app.failed(request(context), context.failure())));
    return router;
  }

  /** Matches the path as it came, which is the one that {@link #admit} has checked. */
  private static Route route(Router router, String path) {
    return router.route(path).useNormalizedPath(false);
  }

  private void admit(RoutingContext context) {
    ResponseEnd.of(context).then(() -> connections.answered(context.request().connection()));
    app.refusal(request(context))
        .ifPresentOrElse(response -> writer.send(context, response), context::next);
  }

  /** Vert.x' own body handler decodes bodies by the content type that the client claims. */
  private void readBody(RoutingContext context) {
    Buffer body = Buffer.buffer();
    HttpServerRequest request = context.request();
    int maxKib = AccessFilter.isPublic(request(context)) ? MAX_PUBLIC_BODY_KIB : MAX_BODY_KIB;
    ResponseEnd.of(context)
        .then(
            () -> {
              if (context.get(HANDLED) == null) {
                bodies.giveBack(body.length());
              }
            });
    request.handler(
        part -> {
          if (context.response().ended()) {
            return; // refused; the rest is read and dropped
          }
          if (body.length() + part.length() > maxKib << 10) {
            refuse(context, 413, "the request is larger than " + maxKib + " KiB");
          } else if (bodies.take(part.length())) {
            body.appendBuffer(part);
          } else {
            context.response().putHeader("Retry-After", RETRY_SECONDS);
            refuse(context, 503, "the requests in progress are too large together");
          }
        });
    request.endHandler(
        end -> {
          if (!context.response().ended()) {
            connections.requested(request.connection());
            context.put(BODY, body);
            context.next();
          }
        });
  }

  private void refuse(RoutingContext context, int status, String message) {
    context.response().putHeader("Connection", "close");
    fail(context, status, message);
  }

  private void answer(RoutingContext context, Routes.Handler handler) {
    HttpRequest request = request(context);
    Buffer body = context.get(BODY, Buffer.buffer());
    context.put(HANDLED, true); // the handler needs its body, also when its client has left
    vertx
        .executeBlocking(() -> app.handle(request, context.pathParams(), handler), false)
        .onComplete(
            done -> {
              bodies.giveBack(body.length());
              writer.send(
                  context, done.succeeded() ? done.result() : app.failed(request, done.cause()));
            });
  }

  private Map<String, String> allowedMethods() {
    Map<String, String> allowed = new LinkedHashMap<>();
    app.routes().forEach(each -> allowed.merge(each.path(), each.method(), (a, b) -> a + ", " + b));
    return allowed;
  }

  private void wrongMethod(RoutingContext context, String allowed) {
    context.response().putHeader("Allow", allowed);
    fail(context, 405, context.request().path() + " allows only " + allowed);
  }

  private void fail(RoutingContext context, int status, String message) {
    writer.send(context, app.problem(request(context), new HttpProblemException(status, message)));
  }

  private static HttpRequest request(RoutingContext context) {
    HttpServerRequest request = context.request();
    Map<String, String> headers = new HashMap<>();
    request
        .headers()
        .forEach((name, value) -> headers.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
    String path = request.path();
    String query = request.query();
    Buffer body = context.get(BODY, Buffer.buffer());
    return new HttpRequest(
        request.method().name(),
        path == null || !path.startsWith("/") ? "/" : path,
        query == null ? Map.of() : HttpRequest.fields(query),
        headers,
        body.getBytes(),
        String.valueOf(request.remoteAddress().hostAddress()));
  }
}
