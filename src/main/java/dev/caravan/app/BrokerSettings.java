package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A daemon's settings for its broker and role. Uses no broker classes, so that none are loaded when
 * there is no broker.
 *
 * @param broker {@code none}, {@code embedded} or a URL
 * @param listen URL at which the embedded broker accepts connections; empty for none
 * @param role {@code hub}, {@code worker} or {@code both}
 * @param missingSecurity the security settings of the embedded broker that are not set
 */
record BrokerSettings(String broker, String listen, String role, List<Setting> missingSecurity) {

  private static final Pattern PASSWORD =
      Pattern.compile("password=|^[^?]*@", Pattern.CASE_INSENSITIVE);
  private static final String NONE = "none";
  private static final String EMBEDDED = "embedded";
  private static final String BOTH = "both";
  private static final List<Setting> SECURITY =
      List.of(Setting.BROKER_KEY_STORE, Setting.BROKER_USERS_FILE);

  BrokerSettings(String broker, String listen, String role) {
    this(broker, listen, role, List.of());
  }

  /**
   * Reads and checks the settings.
   *
   * @throws SettingsRefusedException when they are invalid or contradict each other
   */
  static BrokerSettings of(Settings settings) {
    BrokerSettings result =
        new BrokerSettings(
            settings.text(Setting.BROKER).strip(),
            settings.text(Setting.BROKER_LISTEN).strip(),
            settings.text(Setting.ROLE).strip(),
            SECURITY.stream().filter(setting -> settings.text(setting).isBlank()).toList());
    result.check();
    return result;
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
          Setting.BROKER, broker, "must be none, embedded or a URL such as tcp://hub:61616");
    }
    if (enabled() && PASSWORD.matcher(broker).find()) {
      throw new SettingsRefusedException(
          Setting.BROKER.key()
              + ": must not contain a password; name the variables that hold it, in "
              + Setting.BROKER_PASSWORD_ENV.key()
              + " and "
              + Setting.BROKER_TRUST_STORE_PASSWORD_ENV.key());
    }
    if (!embedded() && missingSecurity.size() < SECURITY.size()) {
      throw new SettingsRefusedException(
          SECURITY.stream().map(Setting::key).collect(Collectors.joining(" and "))
              + " apply to the embedded broker only");
    }
    if (embedded() && !hub()) {
      throw refused(Setting.BROKER, broker, "is for the hub; a worker needs the URL of the broker");
    }
    if (!listen.isEmpty()) {
      checkListen();
    }
  }

  /** Without TLS and users the broker may listen on the loopback interface only. */
  private void checkListen() {
    if (!embedded()) {
      throw refused(Setting.BROKER_LISTEN, listen, "applies to the embedded broker only");
    }
    try {
      URI uri = URI.create(listen);
      String normalized = "tcp://" + uri.getHost() + ":" + uri.getPort();
      if (uri.getHost() == null || uri.getPort() < 1 || !normalized.equals(listen)) {
        throw refused(Setting.BROKER_LISTEN, listen, "must be like tcp://127.0.0.1:61616");
      }
      boolean loopback = InetAddress.getByName(uri.getHost()).isLoopbackAddress();
      if (!loopback && !missingSecurity.isEmpty()) {
        throw refused(
            Setting.BROKER_LISTEN,
            listen,
            "the embedded broker needs TLS and users to be reachable from other machines; missing: "
                + missingSecurity.stream().map(Setting::key).collect(Collectors.joining(" and "))
                + "; set that, or listen on 127.0.0.1 and use a tunnel such as ssh -L");
      }
    } catch (IllegalArgumentException | UnknownHostException e) {
      throw refused(Setting.BROKER_LISTEN, listen, "is not a valid address: " + e.getMessage());
    }
  }

  private static SettingsRefusedException refused(Setting setting, String value, String reason) {
    return new SettingsRefusedException(setting.key() + ": \"" + value + "\": " + reason);
  }

  /** Whether there is a broker. */
  boolean enabled() {
    return !broker.equals(NONE) && !broker.isEmpty();
  }

  /** Sends a hub's events to the broker unless the settings name another endpoint. */
  Settings withEvents(Settings settings) {
    return hub() && settings.text(Setting.EVENTS_TO).isBlank()
        ? settings.with(Setting.EVENTS_TO, "jms:topic:caravan.events")
        : settings;
  }

  /** Whether the broker runs in this JVM. */
  boolean embedded() {
    return broker.equals(EMBEDDED);
  }

  /** Whether this daemon is a hub: owns inbox and results tree and assigns runs to workers. */
  boolean hub() {
    return enabled() && !role.equals("worker");
  }

  /** Whether this daemon is a worker: executes runs that a hub assigns. */
  boolean worker() {
    return enabled() && !role.equals("hub");
  }

  /** Whether this daemon executes runs, alone or as a worker. */
  boolean executes() {
    return !enabled() || worker();
  }
}
