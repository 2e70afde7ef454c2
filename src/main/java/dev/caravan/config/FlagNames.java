package dev.caravan.config;

/** Converts key names to aiperf flags. */
public final class FlagNames {

  private FlagNames() {}

  /**
   * The flag of a key, the same as in {@code run_aiperf.py}: {@code key_name} → {@code --key-name}.
   */
  public static String of(String name) {
    return "--" + name.replace('_', '-');
  }
}
