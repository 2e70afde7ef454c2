package dev.caravan.tools.simulator;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The token counts that a response reports.
 *
 * @param prompt tokens of the prompt
 * @param completion tokens of the completion
 * @param cached tokens of the prompt that were in a prefix cache; empty when there is no cache
 */
@JsonPropertyOrder({"prompt_tokens", "completion_tokens", "total_tokens"})
record Usage(
    @JsonProperty("prompt_tokens") int prompt,
    @JsonProperty("completion_tokens") int completion,
    @JsonIgnore OptionalInt cached) {

  private record Details(int cachedTokens) {}

  /** Tokens of the prompt that have to be computed. */
  int computed() {
    return prompt - cached.orElse(0);
  }

  @JsonProperty
  int totalTokens() {
    return prompt + completion;
  }

  @JsonProperty
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  Optional<Details> promptTokensDetails() {
    return cached.isPresent() ? Optional.of(new Details(cached.getAsInt())) : Optional.empty();
  }
}
