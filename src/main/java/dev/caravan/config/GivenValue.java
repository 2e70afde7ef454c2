package dev.caravan.config;

import java.util.List;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The value or values of one key or option, from {@code base_config} or {@code sweeps}.
 *
 * @param node the YAML node, for its position
 * @param path its key path
 * @param values its single value, or all values of its sweep; refused values are left out
 */
record GivenValue(Node node, String path, List<Object> values) {

  GivenValue {
    values = List.copyOf(values);
  }
}
