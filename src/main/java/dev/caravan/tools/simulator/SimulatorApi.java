package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.storage.Json;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP routes and handlers of the simulator. Everything runs on the one event loop. */
final class SimulatorApi {

  /** Maximum request body in bytes: far more than a sensible prompt needs. */
  static final long MAX_BODY = 4L * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(SimulatorApi.class);

  private final Vertx vertx;
  private final SimulatorOptions options;
  private final RequestStats stats = new RequestStats();
  private final Slots slots;
  private final EvenSample errors;
  private final EvenSample hangs;
  private final Behaviors behaviors;
  private final Replicas replicas;
  private final TokenCounter tokens = new TokenCounter();
  private final Set<HttpConnection> connections = new HashSet<>();
  private final long startNanos = System.nanoTime();
  private Optional<Engine> engine = Optional.empty();
  private long completions;

  SimulatorApi(Vertx vertx, SimulatorOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.slots = new Slots(options.capacity(), options.deployment().others());
    this.behaviors = Fault.start(options.faults());
    this.replicas = new Replicas(options.deployment().replicas(), Clock.systemUTC());
    SplittableRandom random = new SplittableRandom(options.seed());
    this.errors = new EvenSample(options.failures().errorRate(), random.nextDouble());
    this.hangs = new EvenSample(options.failures().hangRate(), random.nextDouble());
  }

  RequestCounts counts() {
    return stats.counts(slots);
  }

  /** The routes. */
  Router router() {
    Router router = Router.router(vertx);
    router.route().handler(this::countRequest);
    router.get("/health").handler(this::requireReady).handler(c -> c.response().end());
    router.get("/metrics").handler(this::metrics);
    router.get("/version").handler(c -> send(c, 200, version()));
    router.route("/v1/*").handler(this::requireKey).handler(this::requireReady);
    router.get("/v1/models").handler(c -> send(c, 200, models()));
    for (Endpoint endpoint : Endpoint.values()) {
      router
          .post(endpoint.path())
          .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
          .handler(c -> complete(c, endpoint));
    }
    router.errorHandler(404, c -> sendError(c, ApiError.noSuchPath(method(c), c.normalizedPath())));
    router.errorHandler(
        405, c -> sendError(c, ApiError.wrongMethod(method(c), c.normalizedPath())));
    router.errorHandler(413, c -> sendError(c, ApiError.tooLarge(MAX_BODY)));
    router.errorHandler(500, this::internalError);
    return router;
  }

  private void countRequest(RoutingContext context) {
    stats.countRequest();
    context.addEndHandler(end -> countResponse(context, end));
    context.next();
  }

  private void countResponse(RoutingContext context, AsyncResult<Void> end) {
    if (end.succeeded()) {
      stats.countResponse(context.response().getStatusCode());
    } else {
      stats.countDropped();
    }
  }

  private void requireKey(RoutingContext context) {
    Optional<String> authorization =
        Optional.ofNullable(context.request().getHeader("Authorization"));
    if (options.key().isEmpty() || authorization.filter(options.key().get()::matches).isPresent()) {
      context.next();
    } else {
      context.response().putHeader("WWW-Authenticate", "Bearer");
      sendError(context, ApiError.unauthorized(authorization.isPresent()));
    }
  }

  private void requireReady(RoutingContext context) {
    if (System.nanoTime() - startNanos >= options.failures().readyDelay().toNanos()) {
      context.next();
    } else {
      sendError(context, ApiError.notReady());
    }
  }

  private void metrics(RoutingContext context) {
    context.response().putHeader("Content-Type", MetricsPage.CONTENT_TYPE);
    context
        .response()
        .end(MetricsPage.page(options.models().get(0), counts(), stats, replicas.next()));
  }

  private record Deployed(String version) {}

  private record ModelList(String object, List<Model> data) {}

  private record Model(String id, String object, long created, String ownedBy) {}

  private ObjectNode version() {
    return Json.MAPPER.valueToTree(new Deployed(options.deployment().version()));
  }

  private ObjectNode models() {
    long created = replicas.next().getEpochSecond();
    List<Model> data =
        options.models().stream().map(id -> new Model(id, "model", created, "caravan")).toList();
    return Json.MAPPER.valueToTree(new ModelList("list", data));
  }

  private void complete(RoutingContext context, Endpoint endpoint) {
    stats.countCompletion();
    try {
      String body = Optional.ofNullable(context.body().asString()).orElse("");
      respond(context, CompletionRequest.parse(endpoint, body, options));
    } catch (ApiErrorException e) {
      sendError(context, e.error());
    }
  }

  private void respond(RoutingContext context, CompletionRequest request) {
    completions++;
    Engine running = engine.orElseGet(this::begin);
    connections.add(context.request().connection());
    context.addEndHandler(end -> connections.remove(context.request().connection()));
    if (errors.next()) {
      sendError(context, ApiError.simulated());
    } else if (!hangs.next() && behaviors.responds()) {
      answer(running, context, request);
    }
  }

  /** The first completion request is when the time of the behaviors begins. */
  private Engine begin() {
    Engine begun = new Engine(vertx, slots, options.timing(), behaviors, System.nanoTime());
    engine = Optional.of(begun);
    long restartAfter = options.deployment().restartAfter().toMillis();
    if (restartAfter > 0) {
      vertx.setTimer(restartAfter, timer -> restart());
    }
    return begun;
  }

  /**
   * As if the process had been replaced by another one: clients that wait for a response lose it.
   */
  private void restart() {
    replicas.restart();
    behaviors.restart();
    List.copyOf(connections).forEach(HttpConnection::close);
  }

  private void answer(Engine running, RoutingContext context, CompletionRequest request) {
    if (behaviors.cancels()) {
      cancel(context);
    } else {
      generate(running, context, request);
    }
  }

  /** In the words in which aiperf reports requests that it cancels itself. */
  private static void cancel(RoutingContext context) {
    context.response().setStatusCode(499).setStatusMessage("RequestCancellationError");
    context.response().end("Request cancelled 0.100s after being sent");
  }

  private void generate(Engine running, RoutingContext context, CompletionRequest request) {
    CompletionRequest response = behaviors.response(request);
    int promptTokens = request.prompt().tokens(tokens);
    Usage usage =
        behaviors.usage(
            response, new Usage(promptTokens, response.outputTokens(), OptionalInt.empty()));
    stats.countPrompt(usage);
    SplittableRandom random = new SplittableRandom(options.seed() + 31 * completions);
    Generation generation =
        new Generation(running, stats, response, usage, reply(context, response, usage), random);
    context.addEndHandler(end -> generation.cancel());
    generation.start();
  }

  private TokenSink reply(RoutingContext context, CompletionRequest response, Usage usage) {
    HttpServerResponse http = context.response();
    CompletionJson json =
        new CompletionJson(response, usage, completions, Instant.now().getEpochSecond());
    if (!response.stream()) {
      return behaviors.reply(new BufferedReply(http, json));
    }
    return behaviors.reply(
        behaviors.buffersStream() ? new OneChunkReply(http, json) : new StreamedReply(http, json));
  }

  private void internalError(RoutingContext context) {
    LOG.error("{} {} failed", method(context), context.normalizedPath(), context.failure());
    sendError(context, ApiError.internal());
  }

  private static String method(RoutingContext context) {
    return context.request().method().name();
  }

  private static void sendError(RoutingContext context, ApiError error) {
    send(context, error.status(), error.json());
  }

  private static void send(RoutingContext context, int status, ObjectNode body) {
    context.response().setStatusCode(status).putHeader("Content-Type", "application/json");
    context.response().end(body.toString());
  }
}
