package dev.caravan.pipeline.process;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.storage.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the arguments of {@code --header} as aiperf 0.13 does: each is a JSON object, or a list of
 * {@code name:value} with commas between them. What aiperf refuses is left out, since aiperf says
 * so.
 */
final class HeaderOption {

  private HeaderOption() {}

  /** The headers of these arguments, by name. */
  static Map<String, String> read(Iterable<String> arguments) {
    Map<String, String> headers = new LinkedHashMap<>();
    arguments.forEach(
        argument -> {
          if (argument.startsWith("{")) {
            readObject(argument, headers);
          } else {
            readPairs(argument, headers);
          }
        });
    return headers;
  }

  private static void readObject(String json, Map<String, String> headers) {
    try {
      JsonNode object = Json.MAPPER.readTree(json);
      object.properties().forEach(field -> headers.put(field.getKey(), text(field)));
    } catch (JsonProcessingException e) {
      return; // aiperf refuses it, too
    }
  }

  private static String text(Map.Entry<String, JsonNode> field) {
    return field.getValue().isValueNode() ? field.getValue().asText() : field.getValue().toString();
  }

  private static void readPairs(String pairs, Map<String, String> headers) {
    for (String pair : pairs.split(",", -1)) {
      int colon = pair.indexOf(':');
      if (colon >= 0) {
        headers.put(pair.substring(0, colon).strip(), pair.substring(colon + 1).strip());
      }
    }
  }
}
