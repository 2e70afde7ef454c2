package dev.caravan.pipeline.process;

import java.util.Locale;

/** How the API key is passed to aiperf: {@code caravan.aiperf.key-passing}. */
public enum KeyPassing {
  /** By our launcher, inside the Python interpreter, so never on a command line. The default. */
  LAUNCHER,
  /** In its own environment variable, for wrappers that read it from there. */
  ENVIRONMENT,
  /** On the command line, where every user on the host can read it. */
  ARGUMENT;

  /**
   * The constant for a property value, in lower case.
   *
   * @throws IllegalArgumentException if the value is unknown; the message lists the known ones
   */
  public static KeyPassing of(String value) {
    for (KeyPassing passing : values()) {
      if (passing.value().equals(value)) {
        return passing;
      }
    }
    throw new IllegalArgumentException(
        "caravan.aiperf.key-passing is '"
            + value
            + "'; it must be launcher, environment or argument");
  }

  /** The value as written in properties. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
