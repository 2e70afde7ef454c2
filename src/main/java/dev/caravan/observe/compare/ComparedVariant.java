package dev.caravan.observe.compare;

import dev.caravan.config.ConfigKeys;
import dev.caravan.config.Variant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A variant of a batch as a comparison sees it.
 *
 * @param name its name
 * @param group the thing that it is, which several variants may be on several machines; its own
 *     name if it is the only one
 * @param keys the parameters that it sets
 * @param labelled whether it has labels of its own, so that more than parameters makes it another
 *     thing
 */
public record ComparedVariant(String name, String group, List<String> keys, boolean labelled) {

  public ComparedVariant {
    name = ComparedText.of(name);
    group = group == null ? name : ComparedText.of(group);
    keys = keys == null ? List.of() : keys.stream().filter(Objects::nonNull).toList();
  }

  /**
   * A variant of a config.
   *
   * @param perConcurrency the counts that follow from a run's concurrency
   */
  static ComparedVariant of(String name, Variant variant, Set<String> perConcurrency) {
    Set<String> keys = new TreeSet<>(variant.keys());
    keys.addAll(keys.contains(ConfigKeys.CONCURRENCY) ? perConcurrency : Set.of());
    return new ComparedVariant(
        name, variant.group().orElse(name), List.copyOf(keys), !variant.labels().isEmpty());
  }
}
