package dev.caravan.tools.simulator;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;

/**
 * The token counts that a response reports.
 *
 * @param prompt tokens of the prompt
 * @param completion tokens of the completion
 * @param cached tokens of the prompt that were in a prefix cache; empty when there is no cache
 */
record Usage(int prompt, int completion, OptionalInt cached) {

  /** Tokens of the prompt that have to be computed. */
  int computed() {
    return prompt - cached.orElse(0);
  }

  /** The field in a response. */
  ObjectNode json() {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("prompt_tokens", prompt)
            .put("completion_tokens", completion)
            .put("total_tokens", prompt + completion);
    cached.ifPresent(
        tokens -> json.putObject("prompt_tokens_details").put("cached_tokens", tokens));
    return json;
  }
}
