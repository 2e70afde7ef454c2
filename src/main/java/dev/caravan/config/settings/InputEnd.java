package dev.caravan.config.settings;

/** What a daemon does at the end of its standard input: {@code caravan.shutdown.input-end}. */
public enum InputEnd {
  /** Nothing: it does not read it. */
  IGNORE,
  /** It stops, so that it does not outlive the program that holds the other end of a pipe. */
  STOP;

  /**
   * What these settings say.
   *
   * @throws SettingsRefusedException if it is neither
   */
  public static InputEnd of(Settings settings) {
    String name = settings.text(Setting.SHUTDOWN_INPUT_END).strip();
    return switch (name) {
      case "ignore" -> IGNORE;
      case "stop" -> STOP;
      default ->
          throw new SettingsRefusedException(
              Setting.SHUTDOWN_INPUT_END.key() + ": \"" + name + "\": must be ignore or stop");
    };
  }
}
