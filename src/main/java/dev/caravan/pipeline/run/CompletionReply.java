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
 * Judges a target's reply to a one-token completion request. Messages of the target are quoted, at
 * bounded length.
 *
 * @param question the request
 * @param model the requested model
 */
record CompletionReply(Readiness.Probe question, String model) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data:";
  private static final int MAX_LENGTH = 200;

  /** Judges a reply in which the API key is already masked. */
  PreflightResult judge(TargetReply reply) {
    return reply.code() >= 200 && reply.code() < 300 ? content(reply) : error(reply, reply.code());
  }

  private PreflightResult error(TargetReply reply, int code) {
    RequestError error = RequestError.ofReply(code, reply.body());
    return switch (error.kind()) {
      case UNAUTHORIZED ->
          PreflightResult.failed(
              Cause.UNAUTHORIZED, Readiness.of(question, reply).message() + detail(error));
      case UNKNOWN_MODEL ->
          PreflightResult.failed(Cause.MODEL_NOT_SERVED, unknownModel(code) + detail(error));
      case UNKNOWN_ENDPOINT -> unknownEndpoint(code, error);
      default -> otherError(reply, code, error);
    };
  }

  private PreflightResult otherError(TargetReply reply, int code, RequestError error) {
    if (code == 501) {
      return unknownEndpoint(code, error);
    }
    boolean temporary = code == 407 || code == 408 || code == 425 || code == 429 || code >= 500;
    if (temporary) {
      return PreflightResult.notReady(Readiness.of(question, reply).message());
    }
    String message = "it answers " + code + " to a one-token completion" + detail(error);
    return code >= 400 && code < 500
        ? PreflightResult.refused(message)
        : PreflightResult.warning(message);
  }

  private PreflightResult unknownEndpoint(int code, RequestError error) {
    return PreflightResult.failed(
        Cause.ENDPOINT_NOT_FOUND,
        "it has no completions endpoint at %s (%d)"
                .formatted(ReadinessText.path(question.uri()), code)
            + detail(error));
  }

  private String unknownModel(int code) {
    return "it does not serve the model '%s' (%d)"
        .formatted(ReadinessText.clean(model, MAX_LENGTH), code);
  }

  private PreflightResult content(TargetReply reply) {
    Optional<JsonNode> json = firstJson(reply.body());
    if (json.filter(body -> body.path("choices").isArray()).isPresent()) {
      return PreflightResult.PASSED;
    }
    return json.filter(body -> body.has("error"))
        .map(body -> errorInContent(reply, body.get("error")))
        .orElseGet(
            () ->
                PreflightResult.failed(
                    Cause.ENDPOINT_NOT_FOUND,
                    "its reply from %s is not a completion (%d)"
                            .formatted(ReadinessText.path(question.uri()), reply.code())
                        + ReadinessText.suffix(reply.body())));
  }

  /** An error in a reply with status 2xx; the error may have its own status code. */
  private PreflightResult errorInContent(TargetReply reply, JsonNode error) {
    int code = error.path("code").asInt(0);
    PreflightResult result =
        error(
            new TargetReply(code, Optional.empty(), Optional.empty(), error.toString()),
            code < 400 || code > 599 ? 400 : code);
    return result.kind() != PreflightResult.Kind.WARNING
            && result.kind() != PreflightResult.Kind.REFUSED
        ? result
        : PreflightResult.failed(
            Cause.ALL_REQUESTS_FAILED,
            "it answers "
                + reply.code()
                + " with an error"
                + ReadinessText.suffix(error.toString()));
  }

  /** The reply's JSON; of a stream, the first chunk. */
  private static Optional<JsonNode> firstJson(String body) {
    String text =
        body.lines()
            .filter(line -> line.startsWith(DATA))
            .findFirst()
            .map(line -> line.substring(DATA.length()))
            .orElse(body);
    try {
      return Optional.ofNullable(JSON.readTree(text));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // The caller quotes the text.
    }
  }

  private static String detail(RequestError error) {
    return error.message().isEmpty() ? "" : ": " + ReadinessText.clean(error.message(), MAX_LENGTH);
  }
}
