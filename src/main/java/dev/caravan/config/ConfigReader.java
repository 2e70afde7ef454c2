package dev.caravan.config;

/** Reads a config strictly: all that is wrong with it at once, each with its line. */
public final class ConfigReader {

  private final ConfigRules rules;

  public ConfigReader(ConfigRules rules) {
    this.rules = rules;
  }

  /**
   * Reads one config.
   *
   * @param bytes the file as it was dropped
   * @param file its name, for messages
   * @throws ConfigRefused with every problem found
   */
  public BenchmarkConfig read(byte[] bytes, String file) throws ConfigRefused {
    throw new UnsupportedOperationException("not written yet: " + rules);
  }
}
