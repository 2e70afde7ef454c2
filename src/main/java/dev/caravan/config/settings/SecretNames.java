package dev.caravan.config.settings;

/** Recognises the names of environment variables that hold API keys. */
public final class SecretNames {

  private SecretNames() {}

  /**
   * Whether this looks like a variable's name. A secret pasted by mistake hardly ever does, so such
   * a name is safe to show.
   */
  public static boolean looksLikeName(String name) {
    return name.matches("[A-Z][A-Z0-9]*(_[A-Z0-9]{1,20})++");
  }
}
