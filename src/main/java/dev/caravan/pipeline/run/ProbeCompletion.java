package dev.caravan.pipeline.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.EndpointType;
import dev.caravan.config.Parameters;

/**
 * A one-token completion request with the model, streaming mode and token limit field of a run, as
 * AIPerf 0.13.0 sends them (see its endpoints/openai_chat.py and openai_completions.py). Extra
 * inputs are left out, since they may contradict a limit of one token.
 */
final class ProbeCompletion {

  private static final String PROMPT = "Hi";

  private ProbeCompletion() {}

  /** The JSON body of the request. */
  static String body(Parameters run) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", run.model());
    if (run.endpointType() == EndpointType.COMPLETIONS) {
      body.put("prompt", PROMPT).put("max_tokens", 1);
    } else {
      body.putArray("messages").addObject().put("role", "user").put("content", PROMPT);
      body.put(isOn(run, "use_legacy_max_tokens") ? "max_tokens" : "max_completion_tokens", 1);
    }
    boolean streams = isOn(run, "streaming");
    body.put("stream", streams);
    if (streams) {
      body.putObject("stream_options").put("include_usage", true);
    }
    return body.toString();
  }

  private static boolean isOn(Parameters run, String key) {
    return Boolean.TRUE.equals(run.values().get(key));
  }
}
