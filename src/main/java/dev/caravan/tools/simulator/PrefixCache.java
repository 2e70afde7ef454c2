package dev.caravan.tools.simulator;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A prefix cache: what a prompt has in common with the beginning of an earlier one is not computed
 * again. A chat template precedes every prompt and is always cached, as with a service that has
 * been used before.
 */
final class PrefixCache implements Behavior {

  /** Tokens of the chat template. */
  static final int TEMPLATE_TOKENS = 16;

  /** Characters of a block, about 16 tokens. */
  private static final int BLOCK = 64;

  private static final int MAX_BLOCKS = 1_000_000;

  /** Hashes of all prefixes that end at a block; the eldest are evicted. */
  private final Map<Long, Boolean> blocks =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
          return size() > MAX_BLOCKS;
        }
      };

  @Override
  public Usage usage(CompletionRequest request, Usage usage) {
    String text = String.join("\n", request.prompt().texts());
    int hits = text.isEmpty() ? 0 : (int) (usage.prompt() * (long) cached(text) / text.length());
    return new Usage(
        usage.prompt() + TEMPLATE_TOKENS,
        usage.completion(),
        OptionalInt.of(hits + TEMPLATE_TOKENS));
  }

  @Override
  public void restart() {
    blocks.clear();
  }

  /** Characters of the longest cached prefix; adds this text to the cache. */
  private int cached(String text) {
    int cached = 0;
    long hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = 31 * hash + text.charAt(i) + 1;
      if ((i + 1) % BLOCK == 0
          && blocks.put(mixed(hash), true) != null
          && cached == i + 1 - BLOCK) {
        cached = i + 1;
      }
    }
    return cached;
  }

  private static long mixed(long hash) {
    return hash * 0x9E3779B97F4A7C15L;
  }
}
