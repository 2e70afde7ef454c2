package dev.caravan.tools.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads a request's JSON field by field; a field that is null counts as absent, as with OpenAI. */
final class RequestFields {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final JsonNode object;

  private RequestFields(JsonNode object) {
    this.object = object;
  }

  /** The fields of a body, which must be one JSON object. */
  static RequestFields of(String body) throws ApiErrorException {
    JsonNode root;
    try {
      root = MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      String where =
          Optional.ofNullable(e.getLocation())
              .map(at -> " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr()))
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
      throw wrong(name, "a string", node);
    }
    return node.textValue();
  }

  boolean flag(String name) throws ApiErrorException {
    JsonNode node = get(name).orElse(MAPPER.getNodeFactory().booleanNode(false));
    if (!node.isBoolean()) {
      throw wrong(name, "true or false", node);
    }
    return node.booleanValue();
  }

  OptionalInt number(String name, int least, int most) throws ApiErrorException {
    Optional<JsonNode> node = get(name);
    if (node.isEmpty()) {
      return OptionalInt.empty();
    }
    JsonNode given = node.get();
    if (!given.isInt() || given.intValue() < least || given.intValue() > most) {
      throw wrong(name, "a whole number from " + least + " to " + most, given);
    }
    return OptionalInt.of(given.intValue());
  }

  /** The fields of an object inside this one; none when it is absent. */
  RequestFields inner(String name) throws ApiErrorException {
    JsonNode node = get(name).orElse(MAPPER.createObjectNode());
    if (!node.isObject()) {
      throw wrong(name, "an object", node);
    }
    return new RequestFields(node);
  }

  static ApiErrorException wrong(String name, String rule, JsonNode value) {
    String message =
        "'" + name + "' must be " + rule + ", not " + ApiError.abbreviated(value.toString()) + ".";
    return new ApiErrorException(ApiError.badRequest(name, message));
  }
}
