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
 * What a daemon's settings say of other machines. Knows no class of the broker, so that none is
 * loaded without one.
 *
 * @param broker {@code none}, {@code embedded} or a url
 * @param listen where the embedded broker accepts workers; empty for nowhere
 * @param role {@code hub}, {@code worker} or {@code both}
 * @param unguarded what is not set of that which guards the embedded broker from others
 */
record BrokerSettings(String broker, String listen, String role, List<Setting> unguarded) {

  private static final Pattern PASSWORD =
      Pattern.compile("password=|^[^?]*@", Pattern.CASE_INSENSITIVE);
  private static final String NONE = "none";
  private static final String EMBEDDED = "embedded";
  private static final String BOTH = "both";
  private static final List<Setting> GUARDS =
      List.of(Setting.BROKER_KEY_STORE, Setting.BROKER_USERS_FILE);

  BrokerSettings(String broker, String listen, String role) {
    this(broker, listen, role, List.of());
  }

  /** Reads the settings. */
  static BrokerSettings of(Settings settings) {
    BrokerSettings read =
        new BrokerSettings(
            settings.text(Setting.BROKER).strip(),
            settings.text(Setting.BROKER_LISTEN).strip(),
            settings.text(Setting.ROLE).strip(),
            GUARDS.stream().filter(guard -> settings.text(guard).isBlank()).toList());
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
    if (enabled() && PASSWORD.matcher(broker).find()) {
      throw new SettingsRefusedException(
          Setting.BROKER.key()
              + ": a password has no place in a url; name variables that hold it, in "
              + Setting.BROKER_PASSWORD_ENV.key()
              + " and "
              + Setting.BROKER_TRUST_STORE_PASSWORD_ENV.key());
    }
    if (!embedded() && unguarded.size() < GUARDS.size()) {
      throw new SettingsRefusedException(
          GUARDS.stream().map(Setting::key).collect(Collectors.joining(" and "))
              + " are for the embedded broker");
    }
    if (embedded() && !hub()) {
      throw refused(Setting.BROKER, broker, "is the hub's; a worker needs its url");
    }
    if (!listen.isEmpty()) {
      checkListen();
    }
  }

  /** Where nobody is asked who he is, or anybody may read along, nobody else may come in. */
  private void checkListen() {
    if (!embedded()) {
      throw refused(Setting.BROKER_LISTEN, listen, "is for the embedded broker");
    }
    try {
      URI uri = URI.create(listen);
      String whole = "tcp://" + uri.getHost() + ":" + uri.getPort();
      if (uri.getHost() == null || uri.getPort() < 1 || !whole.equals(listen)) {
        throw refused(Setting.BROKER_LISTEN, listen, "must be like tcp://127.0.0.1:61616");
      }
      boolean loopback = InetAddress.getByName(uri.getHost()).isLoopbackAddress();
      if (!loopback && !unguarded.isEmpty()) {
        throw refused(
            Setting.BROKER_LISTEN,
            listen,
            "where others reach it the embedded broker needs TLS and users, and there is no "
                + unguarded.stream().map(Setting::key).collect(Collectors.joining(" and no "))
                + "; set that, or listen at 127.0.0.1 with a tunnel such as ssh -L");
      }
    } catch (IllegalArgumentException | UnknownHostException e) {
      throw refused(Setting.BROKER_LISTEN, listen, "is no address: " + e.getMessage());
    }
  }

  private static SettingsRefusedException refused(Setting setting, String value, String why) {
    return new SettingsRefusedException(setting.key() + ": \"" + value + "\": " + why);
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
