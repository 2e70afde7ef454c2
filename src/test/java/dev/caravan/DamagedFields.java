package dev.caravan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Damages one field of a JSON file. */
final class DamagedFields {

  private static final ObjectMapper JSON = new ObjectMapper();

  private DamagedFields() {}

  /** The text with one field changed each time, by the field; none if it is not a JSON object. */
  static Map<String, String> variants(String text, String kind) {
    Map<String, String> variants = new LinkedHashMap<>();
    try {
      JsonNode root = JSON.readTree(text);
      if (root instanceof ObjectNode object) {
        vary(object, object, "", kind, variants);
      }
    } catch (IOException notJson) {
      return variants;
    }
    return variants;
  }

  private static void vary(
      ObjectNode root, ObjectNode object, String path, String kind, Map<String, String> variants)
      throws IOException {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode before = object.get(name);
      object.set(name, JSON.readTree(value(before, kind)));
      variants.put(path + name, root.toString().replace("\"HUGE\"", "1" + "0".repeat(900)) + "\n");
      object.set(name, before);
      if (before instanceof ObjectNode inner) {
        vary(root, inner, path + name + ".", kind, variants);
      } else if (before instanceof ArrayNode array
          && array.size() > 0
          && array.get(0) instanceof ObjectNode inner) {
        vary(root, inner, path + name + "[0].", kind, variants);
      }
    }
  }

  private static String value(JsonNode before, String kind) {
    return switch (kind) {
      case "null" -> "null";
      case "another type" -> before.isTextual() ? "{\"x\": [null]}" : "\"x\"";
      case "huge text" -> "\"" + "x\\u0000/".repeat(20_000) + "\"";
      default -> "\"HUGE\"";
    };
  }
}
