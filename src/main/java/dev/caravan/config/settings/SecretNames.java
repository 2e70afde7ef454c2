package dev.caravan.config.settings;

/** What an environment variable that holds an API key is called. */
public final class SecretNames {

  private SecretNames() {}

  /**
   * Whether this looks like a variable's name; a key that was pasted by mistake hardly ever does.
   */
  public static boolean looksLikeName(String name) {
    return name.matches("[A-Z][A-Z0-9]*(_[A-Z0-9]{1,20})+");
  }
}
