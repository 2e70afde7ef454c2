package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Cause;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * A cause that every run of a batch shares, unless a parameter that it depends on is swept: a wrong
 * key stays wrong at any concurrency.
 */
enum SystematicCause {
  UNAUTHORIZED(Cause.UNAUTHORIZED, Set.of("api_key_env_var", "url", "endpoint", "model", "header")),
  ENDPOINT_NOT_FOUND(
      Cause.ENDPOINT_NOT_FOUND, Set.of("url", "endpoint", "endpoint_type", "model", "streaming")),
  MODEL_NOT_SERVED(
      Cause.MODEL_NOT_SERVED,
      Set.of("model", "url", "endpoint", "endpoint_type", "api_key_env_var", "header")),
  TOKENIZER_UNAVAILABLE(
      Cause.TOKENIZER_UNAVAILABLE,
      Set.of("tokenizer", "model", "tokenizer_revision", "tokenizer_trust_remote_code")),
  REJECTED_DATASET(
      Cause.REJECTED_DATASET,
      Set.of("input_file", "custom_dataset_type", "public_dataset", "endpoint_type"));

  private final Cause cause;
  private final Set<String> keys;

  SystematicCause(Cause cause, Set<String> keys) {
    this.cause = cause;
    this.keys = keys;
  }

  /** Whether a cause applies to all runs of a batch that sweeps these keys. */
  static boolean concernsAll(String cause, Set<String> sweptKeys) {
    Optional<SystematicCause> found =
        Arrays.stream(values()).filter(each -> each.cause.value().equals(cause)).findFirst();
    return found.isPresent() && sweptKeys.stream().noneMatch(found.get().keys::contains);
  }
}
