package dev.caravan.pipeline.process;

import java.util.Locale;

/** How aiperf gets its API key: {@code caravan.aiperf.key-passing}. */
public enum KeyPassing {
  /** Inside the interpreter, by our launcher: in no argv. The default. */
  LAUNCHER,
  /** In its own environment variable, for wrappers that read it there. */
  ENVIRONMENT,
  /** On the command line, where every user of the host can read it. */
  ARGUMENT;

  /**
   * The way of that name, in lower case.
   *
   * @throws IllegalArgumentException when there is none; the message lists them
   */
  public static KeyPassing of(String name) {
    for (KeyPassing way : values()) {
      if (way.word().equals(name)) {
        return way;
      }
    }
    throw new IllegalArgumentException(
        "caravan.aiperf.key-passing is '" + name + "', not launcher, environment or argument");
  }

  /** The name as properties write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
