package dev.caravan.config.settings;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Where configs that name hooks may come from: {@code caravan.hooks.allowed-from}. A config that is
 * named on the command line of {@code caravan run} always may.
 */
public enum HookSources {
  /** Files dropped into the inbox. */
  INBOX,
  /** Configs posted to the HTTP server. */
  HTTP,
  /** Configs sent through the broker. */
  MESSAGES;

  /**
   * The sources that are allowed.
   *
   * @throws SettingsRefusedException if the property names another
   */
  public static Set<HookSources> of(Settings settings) {
    Set<HookSources> allowed = EnumSet.noneOf(HookSources.class);
    for (String name : settings.list(Setting.HOOKS_ALLOWED_FROM)) {
      try {
        allowed.add(valueOf(name.toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException e) {
        throw new SettingsRefusedException(
            Setting.HOOKS_ALLOWED_FROM.key()
                + ": \""
                + name
                + "\" must be one of inbox, http, messages");
      }
    }
    return allowed;
  }
}
