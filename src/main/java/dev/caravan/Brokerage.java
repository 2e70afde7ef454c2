package dev.caravan;

import dev.caravan.config.Setting;
import dev.caravan.config.Settings;
import dev.caravan.config.SettingsRefused;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;

/**
 * What a daemon's settings say of other machines. Knows no class of the broker, so that none is
 * loaded without one.
 *
 * @param broker {@code none}, {@code embedded} or a url
 * @param listen where the embedded broker accepts workers; empty for nowhere
 * @param role {@code hub}, {@code worker} or {@code both}
 */
record Brokerage(String broker, String listen, String role) {

  private static final String NONE = "none";
  private static final String EMBEDDED = "embedded";
  private static final String BOTH = "both";

  /** Reads the settings. */
  static Brokerage of(Settings settings) {
    Brokerage read =
        new Brokerage(
            settings.text(Setting.BROKER).strip(),
            settings.text(Setting.BROKER_LISTEN).strip(),
            settings.text(Setting.ROLE).strip());
    read.check();
    return read;
  }

  private void check() {
    if (!List.of("hub", "worker", BOTH).contains(role)) {
      throw refused(Setting.ROLE, role, "must be hub, worker or both");
    }
    if (!enabled() && !role.equals(BOTH)) {
      throw refused(Setting.ROLE, role, "needs a broker; set " + Setting.BROKER.key());
    }
    if (enabled() && !embedded() && !broker.startsWith("tcp://")) {
      throw refused(
          Setting.BROKER, broker, "must be none, embedded or a url such as tcp://hub:61616");
    }
    if (embedded() && !hub()) {
      throw refused(Setting.BROKER, broker, "is the hub's; a worker needs its url");
    }
    if (!listen.isEmpty()) {
      checkListen();
    }
  }

  /** Nobody is asked who he is, so nobody else may come in. */
  private void checkListen() {
    if (!embedded()) {
      throw refused(Setting.BROKER_LISTEN, listen, "is for the embedded broker");
    }
    try {
      URI uri = URI.create(listen);
      if (!"tcp".equals(uri.getScheme()) || uri.getHost() == null || uri.getPort() < 1) {
        throw refused(Setting.BROKER_LISTEN, listen, "must be like tcp://127.0.0.1:61616");
      }
      if (!InetAddress.getByName(uri.getHost()).isLoopbackAddress()) {
        throw refused(
            Setting.BROKER_LISTEN,
            listen,
            "the embedded broker knows no users, so it listens on loopback only; use an Artemis"
                + " with users and TLS, or a tunnel such as ssh -L");
      }
    } catch (IllegalArgumentException | UnknownHostException e) {
      throw refused(Setting.BROKER_LISTEN, listen, "is no address: " + e.getMessage());
    }
  }

  private static SettingsRefused refused(Setting setting, String value, String why) {
    return new SettingsRefused(setting.key() + ": \"" + value + "\": " + why);
  }

  /** Whether runs are given to workers at all. */
  boolean enabled() {
    return !broker.equals(NONE) && !broker.isEmpty();
  }

  /** A hub's events go to the broker unless another place is named for them. */
  Settings withEvents(Settings settings) {
    return hub() && settings.text(Setting.EVENTS_TO).isBlank()
        ? settings.with(Setting.EVENTS_TO, "jms:topic:caravan.events")
        : settings;
  }

  /** Whether the broker lives in this JVM. */
  boolean embedded() {
    return broker.equals(EMBEDDED);
  }

  /** Whether this daemon owns the inbox and the tree, and gives runs to workers. */
  boolean hub() {
    return enabled() && !role.equals("worker");
  }

  /** Whether this daemon executes runs that a hub gives it. */
  boolean worker() {
    return enabled() && !role.equals("hub");
  }

  /** Whether this daemon executes runs at all. */
  boolean executes() {
    return !enabled() || worker();
  }
}
