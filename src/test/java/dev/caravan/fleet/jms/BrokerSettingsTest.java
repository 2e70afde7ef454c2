package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerSettingsTest {

  @TempDir private Path home;

  private final Map<String, String> environment = new HashMap<>();

  private BrokerSettingsTest with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  private BrokerSettings read() {
    return BrokerSettings.of(Settings.of(home, environment, new Properties()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tcp://0.0.0.0:61616", "tcp://[::]:61616", "tcp://192.0.2.1:61616"})
  void listensForOtherMachinesOnlyWithTlsAndUsersAndNamesWhatIsMissing(String listen) {
    // given
    with("CARAVAN_BROKER", "embedded").with("CARAVAN_BROKER_LISTEN", listen);
    // then
    assertThatThrownBy(this::read)
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("missing: caravan.broker.key-store and caravan.broker.users-file");
    with("CARAVAN_BROKER_KEY_STORE", "hub.p12");
    assertThatThrownBy(this::read)
        .hasMessageContaining("missing: caravan.broker.users-file;")
        .hasMessageContaining("127.0.0.1");
    with("CARAVAN_BROKER_KEY_STORE", "").with("CARAVAN_BROKER_USERS_FILE", "users");
    assertThatThrownBy(this::read).hasMessageContaining("missing: caravan.broker.key-store;");
    with("CARAVAN_BROKER_KEY_STORE", "hub.p12");
    assertThat(read().listen()).isEqualTo(listen);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp://127.0.0.1:61616?host=0.0.0.0",
        "tcp://127.0.0.1:61616/x",
        "tcp://me@127.0.0.1:61616",
        "vm://127.0.0.1:61616",
        "tcp://127.0.0.1"
      })
  void refusesAListenUrlWithMoreThanHostAndPort(String listen) {
    with("CARAVAN_BROKER", "embedded").with("CARAVAN_BROKER_LISTEN", listen);
    assertThatThrownBy(this::read).hasMessageContaining("must be like tcp://127.0.0.1:61616");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tcp://hub:61616?sslEnabled=true&trustStorePassword=hunter2",
        "tcp://hub:61616?user=me&PASSWORD=hunter2",
        "tcp://me:hunter2@hub:61616"
      })
  void refusesAPasswordInAUrlWithoutQuotingIt(String url) {
    with("CARAVAN_BROKER", url);
    assertThatThrownBy(this::read)
        .hasMessageContaining("caravan.broker.password-env")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }

  @Test
  void refusesUsersForAnExternalBroker() {
    with("CARAVAN_BROKER", "tcp://hub:61616").with("CARAVAN_BROKER_KEY_STORE", "lab1.p12");
    assertThatCode(this::read).doesNotThrowAnyException();
    with("CARAVAN_BROKER_USERS_FILE", "users");
    assertThatThrownBy(this::read).hasMessageContaining("applies to the embedded broker only");
  }
}
