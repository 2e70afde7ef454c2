package dev.caravan.config.settings;

import dev.caravan.config.text.RefusedException;

/** A setting, or what it refers to, cannot be used; the message names it and says why. */
public final class SettingsRefusedException extends RefusedException {

  public SettingsRefusedException(String message) {
    super(message);
  }
}
