package dev.caravan.config.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SettingsTest {

  @TempDir private Path home;

  @Test
  void prefersEnvironmentToSystemPropertyToFileToDefault() throws IOException {
    // given
    writeFile(
        """
        caravan.inbox.settle = 4s
        caravan.inbox.poll = 100ms
        caravan.workers = 7
        """);
    Properties system = new Properties();
    system.setProperty("caravan.inbox.settle", "5s");
    system.setProperty("caravan.inbox.poll", "200ms");
    Map<String, String> environment = Map.of("CARAVAN_INBOX_SETTLE", "6s");
    // when
    Settings settings = Settings.of(home, environment, system);
    // then
    assertThat(settings.duration(Setting.INBOX_SETTLE)).isEqualTo(Duration.ofSeconds(6));
    assertThat(settings.duration(Setting.INBOX_POLL)).isEqualTo(Duration.ofMillis(200));
    assertThat(settings.count(Setting.WORKERS, 1)).isEqualTo(7);
    assertThat(settings.duration(Setting.READINESS_WAIT)).isEqualTo(Duration.ofMinutes(60));
    assertThat(settings.isSet(Setting.INBOX_SETTLE)).isTrue();
    assertThat(settings.isSet(Setting.WORKERS)).isTrue();
    assertThat(settings.isSet(Setting.READINESS_WAIT)).isFalse();
  }

  @Test
  void warnsOfNamesThatAreAlmostSettings() {
    // given
    Properties system = new Properties();
    system.setProperty("caravan.http.prot", "8090");
    Map<String, String> environment =
        Map.of("CARAVAN_HTTP_TOKEN", "secret", "CARAVAN_WORKER", "2", "CARAVAN_INBOX_POLL", "1s");
    // when
    Settings settings = Settings.of(home, environment, system);
    // then
    assertThat(settings.warnings())
        .containsExactly(
            "unknown variable \"CARAVAN_HTTP_TOKEN\"; did you mean \"CARAVAN_HTTP_TOKEN_FILE\"?",
            "unknown variable \"CARAVAN_WORKER\"; did you mean \"CARAVAN_WORKERS\"?",
            "unknown property \"caravan.http.prot\"; did you mean \"caravan.http.port\"?");
  }

  @Test
  void takesVariablesOfOtherThingsAsTheyAre() throws IOException {
    // given
    writeFile("caravan.broker.key-store-password-env = CARAVAN_BROKER_KEY_STORE_PASSWORD\n");
    Map<String, String> environment =
        Map.of(
            "CARAVAN_BROKER_PASSWORD_ENV",
            "CARAVAN_BROKER_PASSWORD",
            "CARAVAN_BROKER_PASSWORD",
            "secret",
            "CARAVAN_BROKER_KEY_STORE_PASSWORD",
            "secret",
            "CARAVAN_JAVA_OPTS",
            "-Xmx1g",
            "CARAVAN_API_KEY",
            "secret");
    // when
    Settings settings = Settings.of(home, environment, new Properties());
    // then
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void hasAValidDefaultForEverySetting() {
    assertThatCode(() -> of(Map.of())).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource
  void namesEverySettingConsistently(Setting setting) {
    assertThat(setting.key()).matches("caravan(\\.[a-z]+(-[a-z]+)*)+");
    assertThat(setting.variable()).matches("CARAVAN(_[A-Z]+)+");
    assertThat(setting.name()).isEqualTo(setting.variable().substring("CARAVAN_".length()));
    assertThat(setting.description()).isNotBlank().doesNotEndWith(".");
    assertThat(Setting.ofKey(setting.key())).contains(setting);
  }

  @Test
  void hasUniqueVariables() {
    assertThat(Arrays.stream(Setting.values()).map(Setting::variable)).doesNotHaveDuplicates();
  }

  @Test
  void refusesAllUnknownKeysWithTheNearestValidOne() throws IOException {
    // given
    writeFile("caravan.inbox.setle = 4s\ncaravan.wrokers = 2\nmy.own = fine\n");
    // then
    assertThatThrownBy(() -> of(Map.of()))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining(home.resolve("caravan.properties").toString())
        .hasMessageContaining("unknown property \"caravan.inbox.setle\"")
        .hasMessageContaining("caravan.inbox.settle")
        .hasMessageContaining("did you mean")
        .hasMessageContaining("\"caravan.wrokers\"")
        .hasMessageContaining("caravan.workers")
        .hasMessageNotContaining("my.own");
  }

  @ParameterizedTest
  @CsvSource({
    "CARAVAN_INBOX_SETTLE,  3,      caravan.inbox.settle",
    "CARAVAN_INBOX_POLL,    soon,   caravan.inbox.poll",
    "CARAVAN_READINESS_WAIT,-1s,    caravan.readiness.wait",
    "CARAVAN_RUN_ALLOWANCE, 60,     caravan.run.allowance",
    "CARAVAN_WORKERS,       0,      caravan.workers",
    "CARAVAN_WORKERS,       2.5,    caravan.workers",
    "CARAVAN_BATCH_MAX_RUNS,many,   caravan.batch.max-runs",
    "CARAVAN_HTTP_PORT,     65536,  caravan.http.port",
    "CARAVAN_HTTP_PORT,     99999999999, caravan.http.port"
  })
  void refusesAnInvalidValueWithItsKey(String variable, String value, String key) {
    assertThatThrownBy(() -> of(Map.of(variable, value)))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageStartingWith(key + ":");
  }

  @Test
  void saysWhichNumbersAreValid() {
    assertThatThrownBy(() -> of(Map.of("CARAVAN_WORKERS", "0")))
        .hasMessage("caravan.workers: \"0\" must be a whole number, 1 or more");
    assertThatThrownBy(() -> of(Map.of("CARAVAN_HTTP_PORT", "70000")))
        .hasMessage("caravan.http.port: must be at most 65535");
  }

  @Test
  void trimsLists() {
    // given
    Settings settings = of(Map.of("CARAVAN_KEYS_ALLOWED", " A , ,B,"));
    // then
    assertThat(settings.list(Setting.KEYS_ALLOWED)).containsExactly("A", "B");
    assertThat(settings.list(Setting.RESULTS_ROOTS)).isEmpty();
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    // given
    writeFile("caravan.workers = \\uXYZ\n");
    // then
    assertThatThrownBy(() -> of(Map.of()))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("cannot read " + home.resolve("caravan.properties"));
  }

  @Test
  void offersAllSettingsAndOtherEntriesAsPlaceholders() throws IOException {
    // given
    writeFile("my.own = fine\ncaravan.workers = 3\n");
    // when
    Map<String, String> placeholders =
        of(Map.of("CARAVAN_WORKERS", "4", "OTHER", "x")).placeholders();
    // then
    assertThat(placeholders)
        .containsEntry("my.own", "fine")
        .containsEntry("caravan.workers", "4")
        .containsEntry("caravan.inbox.poll", "250ms")
        .hasSize(Setting.values().length + 1);
  }

  @Test
  void theEnvironmentWinsOverTheFileInPlaceholdersOfAFamilyToo() throws IOException {
    // given
    writeFile("caravan.events.to.lab = file:old\ncaravan.events.to.desk = file:desk\n");
    // when
    Settings settings = of(Map.of("CARAVAN_EVENTS_TO_LAB", "file:new"));
    // then
    assertThat(settings.all(SettingFamily.EVENTS_TO)).containsEntry("lab", "file:new");
    assertThat(settings.placeholders())
        .containsEntry("caravan.events.to.lab", "file:new")
        .containsEntry("caravan.events.to.desk", "file:desk");
  }

  @Test
  void normalizesTheHome() {
    // when
    Settings settings = Settings.of(home.resolve("a/.."), Map.of(), new Properties());
    // then
    assertThat(settings.home()).isEqualTo(home);
  }

  private Settings of(Map<String, String> environment) {
    return Settings.of(home, environment, new Properties());
  }

  private void writeFile(String text) throws IOException {
    Files.writeString(home.resolve(Settings.FILE), text);
  }
}
