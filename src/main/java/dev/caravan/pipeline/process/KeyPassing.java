package dev.caravan.pipeline.process;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the API key is passed to aiperf: {@code caravan.aiperf.key-passing}. */
public enum KeyPassing {
  /** By our launcher, inside the Python interpreter, so never on a command line. The default. */
  LAUNCHER,
  /** In its own environment variable, for wrappers that read it from there. */
  ENVIRONMENT,
  /** On the command line, where every user on the host can read it. */
  ARGUMENT;

  private static final Logger LOG = LoggerFactory.getLogger(KeyPassing.class);

  /** The setting's constant; warns of one that shows the key to other users. */
  public static KeyPassing of(Settings settings) {
    try {
      KeyPassing passing = of(settings.text(Setting.AIPERF_KEY_PASSING));
      if (passing == ARGUMENT) {
        LOG.warn("API keys are passed on the command line, where every user of the host sees them");
      }
      return passing;
    } catch (IllegalArgumentException e) {
      throw new SettingsRefusedException(e.getMessage());
    }
  }

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
