package dev.caravan.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Cause;
import dev.caravan.pipeline.outcome.RequestError;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.ReadinessText;
import dev.caravan.pipeline.target.TargetReply;
import java.util.Optional;

/**
 * What a target's reply to a completion of one token says of the runs to come. Its own words are
 * quoted, cut, in those of the finding.
 *
 * @param question what was asked
 * @param model the model that was asked for
 */
record CompletionReply(Readiness.Probe question, String model) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data:";
  private static final int LONGEST = 200;

  /** Judges a reply in which no key stands any more. */
  PreflightResult judge(TargetReply reply) {
    return reply.code() >= 200 && reply.code() < 300
        ? content(reply)
        : refusal(reply, reply.code());
  }

  private PreflightResult refusal(TargetReply reply, int code) {
    RequestError error = RequestError.ofReply(code, reply.body());
    return switch (error.kind()) {
      case UNAUTHORIZED ->
          PreflightResult.hopeless(
              Cause.UNAUTHORIZED, Readiness.of(question, reply).message() + said(error));
      case UNKNOWN_MODEL ->
          PreflightResult.hopeless(Cause.MODEL_NOT_SERVED, model(code) + said(error));
      case UNKNOWN_ENDPOINT -> endpoint(code, error);
      default -> other(reply, code, error);
    };
  }

  private PreflightResult other(TargetReply reply, int code, RequestError error) {
    if (code == 501) {
      return endpoint(code, error);
    }
    boolean passes = code == 407 || code == 408 || code == 425 || code == 429 || code >= 500;
    return passes
        ? PreflightResult.notReady(Readiness.of(question, reply).message())
        : PreflightResult.doubtful(
            "it answers " + code + " to a completion of one token" + said(error));
  }

  private PreflightResult endpoint(int code, RequestError error) {
    return PreflightResult.hopeless(
        Cause.ENDPOINT_NOT_FOUND,
        "it gives no completions at %s (%d)".formatted(ReadinessText.path(question.uri()), code)
            + said(error));
  }

  private String model(int code) {
    return "it does not serve the model '%s' (%d)"
        .formatted(ReadinessText.clean(model, LONGEST), code);
  }

  private PreflightResult content(TargetReply reply) {
    Optional<JsonNode> first = first(reply.body());
    if (first.filter(json -> json.path("choices").isArray()).isPresent()) {
      return PreflightResult.FINE;
    }
    return first
        .filter(json -> json.has("error"))
        .map(json -> error(reply, json.get("error")))
        .orElseGet(
            () ->
                PreflightResult.hopeless(
                    Cause.ENDPOINT_NOT_FOUND,
                    "what it sends from %s is no completion (%d)"
                            .formatted(ReadinessText.path(question.uri()), reply.code())
                        + ReadinessText.suffix(reply.body())));
  }

  /** An error behind a good status, with its own code where it has one. */
  private PreflightResult error(TargetReply reply, JsonNode error) {
    int code = error.path("code").asInt(0);
    PreflightResult found =
        refusal(
            new TargetReply(code, Optional.empty(), Optional.empty(), error.toString()),
            code < 400 || code > 599 ? 400 : code);
    return found.kind() != PreflightResult.Kind.DOUBTFUL
        ? found
        : PreflightResult.hopeless(
            Cause.ALL_REQUESTS_FAILED,
            "it answers "
                + reply.code()
                + " with an error"
                + ReadinessText.suffix(error.toString()));
  }

  /** The reply's JSON; of a stream the first piece. */
  private static Optional<JsonNode> first(String body) {
    String text =
        body.lines()
            .filter(line -> line.startsWith(DATA))
            .findFirst()
            .map(line -> line.substring(DATA.length()))
            .orElse(body);
    try {
      return Optional.ofNullable(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // Its text is quoted: there is nothing else to say.
    }
  }

  private static String said(RequestError error) {
    return error.message().isEmpty() ? "" : ": " + ReadinessText.clean(error.message(), LONGEST);
  }
}
