package dev.caravan.pipeline.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was found for which question; the oldest is forgotten, and asked again when it is needed.
 * Threadsafe.
 */
final class PreflightMemory {

  private static final int MOST = 1_000;

  private final Map<Object, PreflightResult> found =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, PreflightResult> eldest) {
          return size() > MOST;
        }
      };

  synchronized Optional<PreflightResult> find(Object question) {
    return Optional.ofNullable(found.get(question));
  }

  synchronized void put(Object question, PreflightResult preflightResult) {
    found.put(question, preflightResult);
  }
}
