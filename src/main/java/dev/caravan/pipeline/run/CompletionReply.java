package dev.caravan.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.model.Cause;
import dev.caravan.pipeline.outcome.RequestError;
import dev.caravan.pipeline.target.Readiness;
import dev.caravan.pipeline.target.ReadinessText;
import dev.caravan.pipeline.target.TargetReply;
import dev.caravan.storage.Json;
import java.util.List;
import java.util.Optional;

/**
 * Judges a target's reply to a completion request. Messages of the target are quoted, at bounded
 * length.
 *
 * @param question the request
 * @param model the requested model
 * @param served the models that the target lists; empty when that is unknown
 */
record CompletionReply(Readiness.Probe question, String model, List<String> served) {

  private static final String DATA = "data:";
  private static final int MAX_LENGTH = 200;

  /**
   * Whether this reply to a request for one token may differ for a longer one: a refusal of the
   * request as such, or an error of the target that is not about load.
   */
  boolean mayConcernOneToken(TargetReply reply) {
    int code = errorCode(reply);
    return switch (RequestError.ofReply(code, reply.body()).kind()) {
      case UNAUTHORIZED, UNKNOWN_ENDPOINT -> false;
      default -> code >= 400 && code != 404 && !isLoad(code) && code != 501 && code != 407;
    };
  }

  private static boolean isLoad(int code) {
    return code == 408 || code == 425 || code == 429 || code == 503;
  }

  /** The result if this reply may concern one token only and there is no other. */
  PreflightResult undecided(TargetReply reply) {
    int code = errorCode(reply);
    RequestError error = RequestError.ofReply(code, reply.body());
    return code >= 500 ? otherError(reply, code, error) : refused(code, error);
  }

  /** Judges a reply in which the API key is already masked. */
  PreflightResult judge(TargetReply reply) {
    return reply.code() >= 200 && reply.code() < 300 ? content(reply) : error(reply, reply.code());
  }

  private PreflightResult error(TargetReply reply, int code) {
    RequestError error = RequestError.ofReply(code, reply.body());
    return switch (error.kind()) {
      case UNAUTHORIZED ->
          PreflightResult.failed(
              Cause.UNAUTHORIZED,
              Readiness.of(question, reply.withBody(error.message())).message());
      case UNKNOWN_MODEL -> unknownModel(code, error);
      case UNKNOWN_ENDPOINT -> unknownEndpoint(code, error);
      default -> otherError(reply, code, error);
    };
  }

  private PreflightResult otherError(TargetReply reply, int code, RequestError error) {
    if (code == 501) {
      return unknownEndpoint(code, error);
    }
    if (isLoad(code) || code == 407 || code >= 500) {
      return PreflightResult.notReady(
          Readiness.of(question, reply.withBody(error.message())).message());
    }
    boolean refused = code >= 400 && code < 500;
    return refused && isNotListed() ? unknownModel(code, error) : refused(code, error);
  }

  private PreflightResult refused(int code, RequestError error) {
    return PreflightResult.warning(question.returned(code) + detail(error));
  }

  /** Whether the target lists its models, without this one; a list may name a family with a *. */
  private boolean isNotListed() {
    return !served.isEmpty() && !lists(served, model);
  }

  /** Whether a list of models has this one, by name or by a pattern such as {@code openai/*}. */
  static boolean lists(List<String> models, String model) {
    return models.stream().anyMatch(id -> id.equals(model) || matches(id, model));
  }

  private static boolean matches(String pattern, String model) {
    int star = pattern.indexOf('*');
    return star >= 0
        && model.length() >= pattern.length() - 1
        && model.startsWith(pattern.substring(0, star))
        && model.endsWith(pattern.substring(star + 1));
  }

  private PreflightResult unknownEndpoint(int code, RequestError error) {
    return PreflightResult.failed(
        Cause.ENDPOINT_NOT_FOUND,
        "it has no such completions endpoint: " + question.returned(code) + detail(error));
  }

  private PreflightResult unknownModel(int code, RequestError error) {
    return PreflightResult.failed(
        Cause.MODEL_NOT_SERVED,
        "it does not serve the model '%s': ".formatted(ReadinessText.clean(model, MAX_LENGTH))
            + question.returned(code)
            + detail(error));
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
                    "its reply is not a completion: "
                        + question.returned(reply.code())
                        + ReadinessText.suffix(reply.body())
                        + question.alternative()));
  }

  /** An error in a reply with status 2xx; the error may have its own status code. */
  private PreflightResult errorInContent(TargetReply reply, JsonNode error) {
    PreflightResult result =
        error(
            new TargetReply(errorCode(reply), Optional.empty(), Optional.empty(), error.toString()),
            errorCode(reply));
    return result.kind() != PreflightResult.Kind.WARNING
        ? result
        : PreflightResult.failed(
            Cause.ALL_REQUESTS_FAILED,
            "it answers with an error: "
                + question.returned(reply.code())
                + ReadinessText.suffix(error.toString()));
  }

  /** The status of a reply; of an error in a reply with status 2xx, the error's own, or 400. */
  private static int errorCode(TargetReply reply) {
    if (reply.code() < 200 || reply.code() >= 300) {
      return reply.code();
    }
    Optional<JsonNode> error = firstJson(reply.body()).map(body -> body.get("error"));
    if (error.isEmpty() || firstJson(reply.body()).orElseThrow().path("choices").isArray()) {
      return reply.code();
    }
    int code = error.get().path("code").asInt(0);
    return code < 400 || code > 599 ? 400 : code;
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
      return Optional.ofNullable(Json.MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // The caller quotes the text.
    }
  }

  private static String detail(RequestError error) {
    return error.message().isEmpty() ? "" : ": " + ReadinessText.clean(error.message(), MAX_LENGTH);
  }
}
