package dev.caravan.tools.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.storage.Json;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the JSON fields of a request; null counts as absent, as with OpenAI. */
final class RequestFields {

  private final JsonNode object;

  private RequestFields(JsonNode object) {
    this.object = object;
  }

  /** The fields of a body, which must be a JSON object. */
  static RequestFields of(String body) throws ApiErrorException {
    JsonNode root;
    try {
      root = Json.STRICT.readTree(body);
    } catch (JsonProcessingException e) {
      String where =
          Optional.ofNullable(e.getLocation())
              .map(
                  location ->
                      " (line %d, column %d)"
                          .formatted(location.getLineNr(), location.getColumnNr()))
              .orElse(", or is nested too deeply");
      throw new ApiErrorException(
          ApiError.badRequest("", "The body is not valid JSON" + where + "."));
    }
    if (!root.isObject()) {
      throw new ApiErrorException(ApiError.badRequest("", "The body must be a JSON object."));
    }
    return new RequestFields(root);
  }

  Optional<JsonNode> get(String name) {
    return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
  }

  JsonNode required(String name) throws ApiErrorException {
    return get(name)
        .orElseThrow(
            () -> new ApiErrorException(ApiError.badRequest(name, "'" + name + "' is missing.")));
  }

  String text(String name) throws ApiErrorException {
    JsonNode node = required(name);
    if (!node.isTextual()) {
      throw invalid(name, "a string", node);
    }
    return node.textValue();
  }

  boolean bool(String name) throws ApiErrorException {
    JsonNode node = get(name).orElse(Json.MAPPER.getNodeFactory().booleanNode(false));
    if (!node.isBoolean()) {
      throw invalid(name, "true or false", node);
    }
    return node.booleanValue();
  }

  OptionalInt number(String name, int min, int max) throws ApiErrorException {
    Optional<JsonNode> node = get(name);
    if (node.isEmpty()) {
      return OptionalInt.empty();
    }
    JsonNode value = node.get();
    if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
      throw invalid(name, "a whole number from " + min + " to " + max, value);
    }
    return OptionalInt.of(value.intValue());
  }

  /** The fields of a nested object; no fields when it is absent. */
  RequestFields object(String name) throws ApiErrorException {
    JsonNode node = get(name).orElse(Json.MAPPER.createObjectNode());
    if (!node.isObject()) {
      throw invalid(name, "an object", node);
    }
    return new RequestFields(node);
  }

  static ApiErrorException invalid(String name, String rule, JsonNode value) {
    String message =
        "'" + name + "' must be " + rule + ", not " + ApiError.abbreviated(value.toString()) + ".";
    return new ApiErrorException(ApiError.badRequest(name, message));
  }
}
