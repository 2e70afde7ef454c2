package dev.caravan.config.settings;

/** The names of hooks: a config gives a name, a property of this host the command behind it. */
public final class HookName {

  /** What a name is, for users. */
  public static final String RULE =
      "a name of lower-case letters, digits and - that begins with a letter";

  /** The pattern of names, for the JSON Schema; it admits neither a path nor a flag. */
  public static final String PATTERN = "^" + SettingFamily.NAME_PATTERN + "$";

  private HookName() {}

  /** Whether a hook may have this name. */
  public static boolean isValid(String name) {
    return SettingFamily.HOOKS.ofKey(key(name)).isPresent();
  }

  /** The property that holds the command of a hook. */
  public static String key(String name) {
    return SettingFamily.HOOKS.key(name);
  }
}
