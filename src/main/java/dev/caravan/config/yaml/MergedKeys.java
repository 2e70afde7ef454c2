package dev.caravan.config.yaml;

import dev.caravan.config.yaml.Mapping.Entry;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.yaml.snakeyaml.nodes.MappingNode;

/**
 * Finds the keys that several mappings of one merge set to different values. Versions of PyYAML
 * differ in which of them counts.
 */
final class MergedKeys {

  private final Predicate<String> overridden;
  private final Map<String, Entry> first = new HashMap<>();
  private final Set<MappingNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  /** With the keys for which no merged mapping counts, whichever comes first. */
  MergedKeys(Predicate<String> overridden) {
    this.overridden = overridden;
  }

  /** Whether a mapping to come does not count for this key. */
  boolean isDecided(String key) {
    return first.containsKey(key) || overridden.test(key);
  }

  /**
   * Adds a merged mapping. One that is merged again changes nothing, so it is compared only once.
   *
   * @return the entries that count before those of this mapping, by key, where the two differ
   */
  Map<String, Entry> add(MappingNode node, Map<String, Entry> entries) {
    Map<String, Entry> differing = new LinkedHashMap<>();
    if (seen.add(node)) {
      entries.forEach(
          (key, entry) -> {
            Entry winner = first.putIfAbsent(key, entry);
            if (winner != null
                && !overridden.test(key)
                && !SameNode.is(winner.value(), entry.value())) {
              differing.put(key, winner);
            }
          });
    }
    return differing;
  }
}
