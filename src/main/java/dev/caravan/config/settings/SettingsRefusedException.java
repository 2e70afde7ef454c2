package dev.caravan.config.settings;

/** A setting, or what it points at, cannot be used; the message says which and why. */
public final class SettingsRefusedException extends RuntimeException {

  public SettingsRefusedException(String message) {
    super(message);
  }
}
