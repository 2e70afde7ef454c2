package dev.caravan.config;

import java.util.Set;

/** The table of {@code base_config} keys. */
public final class Keys {

  private static final Set<String> NAMES = Set.of("model");

  private Keys() {}

  /** Whether this is a key of {@code base_config} itself, not the name of an aiperf option. */
  public static boolean isKey(String name) {
    return NAMES.contains(name);
  }
}
