package dev.caravan.config;

import dev.caravan.config.text.PythonText;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Makes the prompts of a run its own ({@code vary_prompts}), so that no prefix cache holds them
 * from another run, another attempt, or an earlier request of the same run.
 */
public final class PromptVariation {

  private static final String SEED = "random_seed";
  private static final String CACHE_BUST = "cache_bust";
  private static final String FIRST_TURN = "first_turn_prefix";

  /** Keys that say how a service is reached, not what it is asked. */
  private static final Set<String> REACH =
      Set.of("url", "api_key_env_var", "health_check_endpoint");

  /** Options that make a few beginnings for all prompts, which a text before them would hide. */
  private static final Set<String> COMMON_BEGINNINGS =
      Set.of("prompt_prefix_length", "prompt_prefix_pool_size");

  private PromptVariation() {}

  /**
   * The parameters that an attempt sends. A seed that the config sets is replaced by one that
   * depends on it, the other parameters and the identity; without one, aiperf's own is different
   * each time. A {@code cache_bust} that the config sets stays.
   *
   * @param reference the parameters that the seed depends on: those of the first variant
   * @param identity what else tells the attempt from all that must not share prompts with it
   */
  public static Parameters of(
      Parameters parameters, Supplier<Parameters> reference, String identity) {
    Map<String, Object> changed = new HashMap<>();
    if (parameters.find(SEED).isPresent()) {
      changed.put(SEED, seed(reference.get(), identity));
    }
    if (isEachItsOwn(parameters)) {
      changed.put(CACHE_BUST, FIRST_TURN);
    }
    return changed.isEmpty() ? parameters : parameters.with(changed);
  }

  /** Whether also the requests of one run then differ; elsewhere aiperf repeats its prompts. */
  public static boolean isEachItsOwn(Parameters parameters) {
    return parameters.endpointType().supportsCacheBust()
        && parameters.hasSyntheticPrompts()
        && !parameters.options().containsKey(CACHE_BUST)
        && COMMON_BEGINNINGS.stream().noneMatch(parameters.options()::containsKey);
  }

  /** From 0 to 2³¹ − 1. */
  private static long seed(Parameters reference, String identity) {
    Map<String, Object> asked = new LinkedHashMap<>(reference.values());
    asked.keySet().removeAll(REACH);
    String text = PythonText.repr(asked) + "\n" + identity;
    return ByteBuffer.wrap(DigestUtils.sha256(text)).getInt() & Integer.MAX_VALUE;
  }
}
