package dev.caravan.pipeline.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.EndpointType;
import dev.caravan.config.Parameters;
import dev.caravan.storage.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A completion request with the model, streaming mode and token limit field of a run, as AIPerf
 * 0.13.0 sends them (see its endpoints/openai_chat.py and openai_completions.py).
 */
final class ProbeCompletion {

  private static final String PROMPT = "Hi";
  private static final String LENGTH = "prompt_output_tokens_mean";
  private static final String EXTRA_INPUTS = "extra_inputs";

  private ProbeCompletion() {}

  /**
   * The JSON body of a request for one token. Extra inputs are left out, since they may contradict
   * a limit of one token.
   */
  static String oneToken(Parameters run) {
    return body(run, Optional.of(1L), Json.MAPPER.createObjectNode());
  }

  /** The JSON body of a request with the length and the extra inputs of the run. */
  static String asTheRun(Parameters run) {
    Optional<Long> length =
        Optional.ofNullable(run.values().get(LENGTH))
            .filter(Number.class::isInstance)
            .map(value -> ((Number) value).longValue());
    return body(run, length, extraInputs(run.options().get(EXTRA_INPUTS)));
  }

  private static String body(Parameters run, Optional<Long> limit, ObjectNode extraInputs) {
    ObjectNode body = Json.MAPPER.createObjectNode().put("model", run.model());
    if (run.endpointType() == EndpointType.COMPLETIONS) {
      body.put("prompt", PROMPT);
      limit.ifPresent(tokens -> body.put("max_tokens", tokens));
    } else {
      body.putArray("messages").addObject().put("role", "user").put("content", PROMPT);
      String field = isOn(run, "use_legacy_max_tokens") ? "max_tokens" : "max_completion_tokens";
      limit.ifPresent(tokens -> body.put(field, tokens));
    }
    body.put("stream", isOn(run, "streaming"));
    body.setAll(extraInputs);
    if (body.path("stream").asBoolean()) {
      body.putObject("stream_options").put("include_usage", true);
    }
    return body.toString();
  }

  /** Extra inputs as a map, as {@code key:value} items, or as JSON text. */
  private static ObjectNode extraInputs(Object value) {
    ObjectNode inputs = Json.MAPPER.createObjectNode();
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> inputs.set(String.valueOf(key), Json.MAPPER.valueToTree(each)));
    } else if (value instanceof List<?> items) {
      items.forEach(item -> inputs.setAll(extraInputs(item)));
    } else if (value instanceof String text) {
      addItem(inputs, text);
    }
    return inputs;
  }

  private static void addItem(ObjectNode inputs, String text) {
    if (json(text) instanceof ObjectNode object) {
      inputs.setAll(object);
      return;
    }
    int colon = text.indexOf(':');
    if (colon > 0) {
      inputs.set(text.substring(0, colon), json(text.substring(colon + 1)));
    }
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return Json.MAPPER.getNodeFactory().textNode(text);
    }
  }

  private static boolean isOn(Parameters run, String key) {
    return Boolean.TRUE.equals(run.values().get(key));
  }
}
