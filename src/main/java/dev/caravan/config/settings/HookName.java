package dev.caravan.config.settings;

import java.util.Optional;

/** The names of hooks: a config gives a name, a property of this host the command behind it. */
public final class HookName {

  /** What a name is, for users. */
  public static final String RULE =
      "a name of lower-case letters, digits and - that begins with a letter";

  /** The pattern of names, for the JSON Schema; it admits neither a path nor a flag. */
  public static final String PATTERN = "^" + SettingFamily.NAME_PATTERN + "$";

  private HookName() {}

  /** Why no hook can have this name, whatever this host knows; empty if one can. */
  public static Optional<String> refusal(String name) {
    return isWellFormed(name)
        ? SettingFamily.HOOKS
            .ownSetting(name)
            .map(own -> "is too similar to Caravan's own property " + own + "; choose another name")
        : Optional.of("must be " + RULE);
  }

  /** Whether it has the form of a name. */
  public static boolean isWellFormed(String name) {
    return SettingFamily.hasForm(name);
  }

  /** The property that holds the command of a hook. */
  public static String key(String name) {
    return SettingFamily.HOOKS.key(name);
  }
}
