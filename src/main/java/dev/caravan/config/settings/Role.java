package dev.caravan.config.settings;

import java.util.Locale;

/** Which part of the work a daemon does: {@code caravan.role}, and whether there is a broker. */
public enum Role {
  /** All of it; there is no broker. */
  ALONE,
  /** Owns inbox and results tree, and assigns runs to workers. */
  HUB,
  /** Executes runs that a hub assigns. */
  WORKER,
  /** A hub that is also one of its workers. */
  BOTH;

  /**
   * The role in these settings.
   *
   * @throws SettingsRefusedException if it is unknown, or needs a broker and there is none
   */
  public static Role of(Settings settings) {
    String name = settings.text(Setting.ROLE).strip();
    Role role =
        switch (name) {
          case "hub", "worker", "both" -> valueOf(name.toUpperCase(Locale.ROOT));
          default -> throw refused(name, "must be hub, worker or both");
        };
    if (hasBroker(settings)) {
      return role;
    }
    if (role != BOTH) {
      throw refused(name, "needs a broker; set " + Setting.BROKER.key());
    }
    return ALONE;
  }

  private static boolean hasBroker(Settings settings) {
    String broker = settings.text(Setting.BROKER).strip();
    return !broker.equals("none") && !broker.isEmpty();
  }

  private static SettingsRefusedException refused(String name, String reason) {
    return new SettingsRefusedException(Setting.ROLE.key() + ": \"" + name + "\": " + reason);
  }

  /** Whether it is part of a fleet, connected by a broker. */
  public boolean inFleet() {
    return this != ALONE;
  }

  /** Whether it owns inbox and results tree and assigns runs to workers. */
  public boolean isHub() {
    return this == HUB || this == BOTH;
  }

  /** Whether it executes runs that a hub assigns. */
  public boolean isWorker() {
    return this == WORKER || this == BOTH;
  }

  /** Whether it executes runs, alone or as a worker. */
  public boolean executes() {
    return this != HUB;
  }
}
