package dev.caravan.fleet.jms;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.storage.Home;
import dev.caravan.storage.SecretStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the settings for connecting to a broker and for securing an embedded one. */
final class BrokerSecuritySettings {

  private final Settings settings;
  private final SecretStore keys;

  /** Creates a reader that takes passwords from the environment or the home's {@code keys.env}. */
  BrokerSecuritySettings(Settings settings) {
    this.settings = settings;
    this.keys = new SecretStore(new Home(settings.home()), settings.environment());
  }

  /** The acceptor of the embedded broker at this URL. */
  BrokerAcceptor acceptor(String listen) {
    Optional<Path> file = file(Setting.BROKER_USERS_FILE);
    List<BrokerUser> users = file.map(path -> UsersFile.read(path, keys)).orElse(List.of());
    return BrokerAcceptor.of(listen, tls(), users);
  }

  /** The endpoint of an external broker. */
  BrokerEndpoint endpoint(String url) {
    String user = settings.text(Setting.BROKER_USER).strip();
    String password = user.isEmpty() ? "" : password(Setting.BROKER_PASSWORD_ENV);
    return new BrokerEndpoint(url, user, password, tls());
  }

  private TlsStores tls() {
    return new TlsStores(
        store(Setting.BROKER_KEY_STORE, Setting.BROKER_KEY_STORE_PASSWORD_ENV, true),
        store(Setting.BROKER_TRUST_STORE, Setting.BROKER_TRUST_STORE_PASSWORD_ENV, false));
  }

  private Optional<TlsStore> store(Setting fileSetting, Setting password, boolean needsKey) {
    Optional<Path> file = file(fileSetting);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    boolean hasPassword = !settings.text(password).isBlank();
    TlsStore store = new TlsStore(file.get(), hasPassword ? password(password) : "");
    store.check(fileSetting.key(), needsKey);
    return Optional.of(store);
  }

  private Optional<Path> file(Setting setting) {
    String name = settings.text(setting).strip();
    return name.isEmpty() ? Optional.empty() : Optional.of(settings.home().resolve(name));
  }

  private String password(Setting setting) {
    String variable = settings.text(setting).strip();
    if (variable.isEmpty()) {
      throw new SettingsRefusedException(
          setting.key() + " must name the variable that holds the password");
    }
    return keys.value(variable)
        .orElseThrow(
            () -> new SettingsRefusedException(setting.key() + ": $" + variable + " is not set"));
  }
}
