package dev.caravan.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One of several things that a batch compares.
 *
 * @param base the {@code base_config} with what this variant changes
 * @param keys the keys and options that it sets or removes
 * @param labels its own labels
 * @param group the thing that it is, when several variants are one thing on several machines
 */
public record Variant(
    Parameters base, Set<String> keys, Map<String, String> labels, Optional<String> group) {

  public Variant {
    keys = Set.copyOf(keys);
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }
}
