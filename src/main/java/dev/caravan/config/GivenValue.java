package dev.caravan.config;

import java.util.List;
import org.yaml.snakeyaml.nodes.Node;

/**
 * What a config gives for one key or option, wherever it gives it.
 *
 * @param at where
 * @param path the key path there
 * @param values its one value, or all values of its sweep; without those that were refused
 */
record GivenValue(Node at, String path, List<Object> values) {

  GivenValue {
    values = List.copyOf(values);
  }
}
