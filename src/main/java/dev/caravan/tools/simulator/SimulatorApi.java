package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side: which path gives what. Everything here runs on the one event loop. */
final class SimulatorApi {

  /** Far above any prompt that makes sense, far below what would hurt. */
  static final long MAX_BODY = 4L * 1024 * 1024;

  private static final Logger LOGGER = LoggerFactory.getLogger(SimulatorApi.class);

  private final Vertx vertx;
  private final SimulatorOptions options;
  private final RequestStats tally = new RequestStats();
  private final Slots slots;
  private final EvenSample errors;
  private final EvenSample hangs;
  private final Instant startedAt = Instant.now();
  private final long startNanos = System.nanoTime();
  private long completions;

  SimulatorApi(Vertx vertx, SimulatorOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.slots = new Slots(options.capacity());
    SplittableRandom random = new SplittableRandom(options.seed());
    this.errors = new EvenSample(options.faults().errorRate(), random.nextDouble());
    this.hangs = new EvenSample(options.faults().hangRate(), random.nextDouble());
  }

  RequestCounts counts() {
    return tally.counts(slots);
  }

  /** The routes. */
  Router router() {
    Router router = Router.router(vertx);
    router.route().handler(this::count);
    router.get("/health").handler(this::refuseUntilReady).handler(c -> c.response().end());
    router.get("/metrics").handler(this::metrics);
    router.route("/v1/*").handler(this::refuseStrangers).handler(this::refuseUntilReady);
    router.get("/v1/models").handler(c -> send(c, 200, models()));
    for (Endpoint endpoint : Endpoint.values()) {
      router
          .post(endpoint.path())
          .handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
          .handler(c -> complete(c, endpoint));
    }
    router.errorHandler(404, c -> refuse(c, ApiError.noSuchPath(method(c), c.normalizedPath())));
    router.errorHandler(405, c -> refuse(c, ApiError.wrongMethod(method(c), c.normalizedPath())));
    router.errorHandler(413, c -> refuse(c, ApiError.tooLarge(MAX_BODY)));
    router.errorHandler(500, this::broken);
    return router;
  }

  private void count(RoutingContext context) {
    tally.request();
    context.addEndHandler(end -> countEnd(context, end));
    context.next();
  }

  private void countEnd(RoutingContext context, AsyncResult<Void> end) {
    if (end.succeeded()) {
      tally.answered(context.response().getStatusCode());
    } else {
      tally.dropped();
    }
  }

  private void refuseStrangers(RoutingContext context) {
    Optional<String> shown = Optional.ofNullable(context.request().getHeader("Authorization"));
    if (options.key().isEmpty() || shown.filter(options.key().get()::isShownBy).isPresent()) {
      context.next();
    } else {
      context.response().putHeader("WWW-Authenticate", "Bearer");
      refuse(context, ApiError.unauthorized(shown.isPresent()));
    }
  }

  private void refuseUntilReady(RoutingContext context) {
    if (System.nanoTime() - startNanos >= options.faults().readyDelay().toNanos()) {
      context.next();
    } else {
      refuse(context, ApiError.notReady());
    }
  }

  private void metrics(RoutingContext context) {
    context.response().putHeader("Content-Type", Metrics.CONTENT_TYPE);
    context.response().end(Metrics.page(options.models().get(0), counts(), tally));
  }

  private ObjectNode models() {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = list.putArray("data");
    for (String model : options.models()) {
      data.addObject()
          .put("id", model)
          .put("object", "model")
          .put("created", startedAt.getEpochSecond())
          .put("owned_by", "caravan");
    }
    return list;
  }

  private void complete(RoutingContext context, Endpoint endpoint) {
    tally.completion();
    try {
      String body = Optional.ofNullable(context.body().asString()).orElse("");
      answer(context, CompletionRequest.parse(endpoint, body, options));
    } catch (ApiErrorException e) {
      refuse(context, e.error());
    }
  }

  private void answer(RoutingContext context, CompletionRequest request) {
    completions++;
    if (errors.next()) {
      refuse(context, ApiError.failedOnPurpose());
    } else if (!hangs.next()) {
      generate(context, request);
    }
  }

  private void generate(RoutingContext context, CompletionRequest request) {
    CompletionJson completionJson =
        new CompletionJson(request, completions, Instant.now().getEpochSecond());
    TokenSink reply =
        request.stream()
            ? new StreamedReply(context.response(), completionJson)
            : new WholeReply(context.response(), completionJson);
    SplittableRandom random = new SplittableRandom(options.seed() + 31 * completions);
    Generation generation =
        new Generation(vertx, slots, options.pace(), tally, request, reply, random);
    tally.prompt(request.promptTokens());
    context.addEndHandler(end -> generation.abandon());
    generation.start();
  }

  private void broken(RoutingContext context) {
    LOGGER.error("{} {} failed", method(context), context.normalizedPath(), context.failure());
    refuse(context, ApiError.broken());
  }

  private static String method(RoutingContext context) {
    return context.request().method().name();
  }

  private static void refuse(RoutingContext context, ApiError error) {
    send(context, error.status(), error.json());
  }

  private static void send(RoutingContext context, int status, ObjectNode body) {
    context.response().setStatusCode(status).putHeader("Content-Type", "application/json");
    context.response().end(body.toString());
  }
}
