/**
 * YAML read the way PyYAML reads it, as nodes with positions, and the problems found in it. Begin
 * with {@link dev.caravan.config.yaml.YamlSource}.
 */
package dev.caravan.config.yaml;
