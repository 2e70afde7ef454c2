package dev.caravan.config;

/** A setting, or what it points at, cannot be used; the message says which and why. */
public final class SettingsRefused extends RuntimeException {

  public SettingsRefused(String message) {
    super(message);
  }
}
