package dev.caravan.observe.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.caravan.pipeline.outcome.OneLine;

/** Bounds the size of an event, whatever a config holds: cuts long texts, lists and maps. */
final class EventSizeLimits {

  private static final int MAX_TEXT = 500;
  private static final int MAX_NAME = 100;
  private static final int MAX_ENTRIES = 50;

  private EventSizeLimits() {}

  /** A copy of the JSON within the limits. */
  static JsonNode apply(JsonNode json) {
    if (json.isObject()) {
      ObjectNode bounded = JsonNodeFactory.instance.objectNode();
      json.properties().stream()
          .limit(MAX_ENTRIES)
          .forEach(
              member ->
                  bounded.set(OneLine.cut(member.getKey(), MAX_NAME), apply(member.getValue())));
      return bounded;
    }
    if (json.isArray()) {
      ArrayNode bounded = JsonNodeFactory.instance.arrayNode();
      json.valueStream().limit(MAX_ENTRIES).map(EventSizeLimits::apply).forEach(bounded::add);
      return bounded;
    }
    return json.isTextual() ? TextNode.valueOf(OneLine.cut(json.textValue(), MAX_TEXT)) : json;
  }
}
