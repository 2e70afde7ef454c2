package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;

/** The settings of a one-shot command, which has neither a broker nor events. */
final class CommandSettings {

  /** How long a command waits for a target during its batch, unless the settings say. */
  private static final String COMMAND_PATIENCE = "10m";

  private CommandSettings() {}

  /** The settings of a one-shot command, derived from the given ones. */
  static Settings of(Settings settings) {
    Settings alone =
        settings
            .with(Setting.BROKER, "none")
            .with(Setting.ROLE, "both")
            .with(Setting.EVENTS_TO, "")
            .with(Setting.EVENTS_WEBHOOK, "")
            .with(Setting.EVENTS_SECRET, "")
            .with(Setting.NOTIFY_COMMAND, "");
    return settings.isSet(Setting.READINESS_WAIT)
        ? alone
        : alone.with(Setting.READINESS_WAIT, COMMAND_PATIENCE);
  }
}
