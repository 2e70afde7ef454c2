package dev.caravan.pipeline.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The entries that were added last; the oldest are dropped. Thread-safe. */
final class Recent<K, V> {

  private final Map<K, V> entries;

  /** At most {@code size} entries. */
  Recent(int size) {
    this.entries =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > size;
          }
        };
  }

  synchronized Optional<V> find(K key) {
    return Optional.ofNullable(entries.get(key));
  }

  /** Removes an entry and returns it. */
  synchronized Optional<V> take(K key) {
    return Optional.ofNullable(entries.remove(key));
  }

  synchronized void put(K key, V value) {
    entries.remove(key);
    entries.put(key, value);
  }
}
