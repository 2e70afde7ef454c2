package dev.caravan.config;

import java.util.Locale;

/**
 * A hook of a config.
 *
 * @param name names the command, which is a property of the host that executes it
 * @param onFailure what follows when it fails
 */
public record Hook(String name, OnFailure onFailure) {

  /** What follows when a hook fails. */
  public enum OnFailure {
    /** The rest of the batch is cancelled. */
    STOP,
    /** The run fails without being executed. */
    SKIP,
    /** The run goes on, and its result says what happened. */
    CONTINUE;

    /** The value in a config. */
    public String value() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
