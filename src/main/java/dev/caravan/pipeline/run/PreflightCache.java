package dev.caravan.pipeline.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Caches the results of preflight checks, in memory of bounded size; the oldest are dropped.
 * Thread-safe.
 */
final class PreflightCache {

  private static final int MAX_SIZE = 1_000;

  private final Map<Object, PreflightResult> results =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, PreflightResult> eldest) {
          return size() > MAX_SIZE;
        }
      };

  synchronized Optional<PreflightResult> find(Object key) {
    return Optional.ofNullable(results.get(key));
  }

  synchronized void put(Object key, PreflightResult result) {
    results.put(key, result);
  }
}
