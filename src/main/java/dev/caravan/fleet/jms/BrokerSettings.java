package dev.caravan.fleet.jms;

import dev.caravan.config.settings.Role;
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
 * A daemon's settings for its broker. Uses no broker classes, so that none are loaded when there is
 * no broker.
 *
 * @param broker {@code none}, {@code embedded} or a URL
 * @param listen URL at which the embedded broker accepts connections; empty for none
 * @param missingSecurity the security settings of the embedded broker that are not set
 */
public record BrokerSettings(String broker, String listen, List<Setting> missingSecurity) {

  private static final Pattern PASSWORD =
      Pattern.compile("password=|^[^?]*@", Pattern.CASE_INSENSITIVE);
  private static final String EMBEDDED = "embedded";
  private static final List<Setting> SECURITY =
      List.of(Setting.BROKER_KEY_STORE, Setting.BROKER_USERS_FILE);

  /**
   * Reads and checks the settings.
   *
   * @throws SettingsRefusedException when they are invalid or contradict each other
   */
  public static BrokerSettings of(Settings settings) {
    Role role = Role.of(settings);
    BrokerSettings result =
        new BrokerSettings(
            settings.text(Setting.BROKER).strip(),
            settings.text(Setting.BROKER_LISTEN).strip(),
            SECURITY.stream().filter(setting -> settings.text(setting).isBlank()).toList());
    result.check(role);
    return result;
  }

  private void check(Role role) {
    if (role.inFleet() && !embedded() && !broker.startsWith("tcp://")) {
      throw refused(
          Setting.BROKER, broker, "must be none, embedded or a URL such as tcp://hub:61616");
    }
    if (role.inFleet() && PASSWORD.matcher(broker).find()) {
      throw new SettingsRefusedException(
          Setting.BROKER.key()
              + ": must not contain a password; name the variables that hold it, in "
              + Setting.BROKER_PASSWORD_ENV.key()
              + " and "
              + Setting.BROKER_TRUST_STORE_PASSWORD_ENV.key());
    }
    if (!embedded() && !missingSecurity.contains(Setting.BROKER_USERS_FILE)) {
      throw new SettingsRefusedException(
          Setting.BROKER_USERS_FILE.key() + " applies to the embedded broker only");
    }
    if (embedded() && !role.isHub()) {
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

  /** Whether the broker runs in this JVM. */
  boolean embedded() {
    return broker.equals(EMBEDDED);
  }
}
