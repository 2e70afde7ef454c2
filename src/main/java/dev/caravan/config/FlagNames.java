package dev.caravan.config;

/** Names of keys and the flags of aiperf that they stand for. */
public final class FlagNames {

  private FlagNames() {}

  /** The flag of a key, as {@code run_aiperf.py} made it: {@code key_name} → {@code --key-name}. */
  public static String of(String name) {
    return "--" + name.replace('_', '-');
  }
}
