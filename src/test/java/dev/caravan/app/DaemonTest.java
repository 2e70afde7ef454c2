package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeLock;
import dev.caravan.storage.StateFile;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a daemon does to a home before it serves it, and when it refuses to. */
class DaemonTest {

  private final DurableFiles files = new DurableFiles();
  @TempDir private Path folder;

  @Test
  void leavesAHomeAloneThatAnotherServes() throws Exception {
    // given
    Home home = new Home(folder);
    files.createDirectories(home.state());
    Path spool = Files.writeString(StateFolder.SPOOL.in(home), "a file");
    Path status = Files.createDirectory(StateFile.STATUS.in(home));
    Settings settings = Settings.of(folder, Map.of(), new Properties());
    try (HomeLock other = HomeLock.acquire(home, files)) {
      // when
      assertThatThrownBy(() -> new Daemon(settings, files).serve())
          .as("%s", other)
          .isInstanceOf(SettingsRefusedException.class)
          .hasMessageContaining("already serves");
    }
    // then
    assertThat(spool).isRegularFile();
    assertThat(status).isDirectory();
    assertThat(home.inbox()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a ${b}", "a {{b}}", "a?b", "a\\b"})
  void refusesAHomeThatCamelWouldNotFind(String name) {
    // given
    Path home = folder.resolve(name);
    // then
    assertRefused(home, Map.of(), home.toString(), "must not contain");
    assertThat(home).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "000A,a line break,\\u000a",
    "0009,a tab,\\u0009",
    "0001,the control character U+0001,\\u0001",
    "2028,the invisible character U+2028,\\u2028"
  })
  void refusesAHomeThatIsInNoUri(String code, String name, String shown) {
    // given
    String path = "a" + Character.toString(Integer.parseInt(code, 16)) + "b";
    // then
    assertRefused(folder.resolve(path), Map.of(), "must not contain " + name, "/a" + shown + "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"inbox", ".caravan"})
  void namesAFolderThatItCannotCreate(String name) throws IOException {
    // given
    Path file = Files.writeString(folder.resolve(name), "in the way");
    // then
    assertRefused(folder, Map.of(), file.toString());
  }

  @Test
  void refusesAnUnknownWayToPassKeys() {
    Map<String, String> environment =
        Map.of("CARAVAN_AIPERF_KEY_PASSING", "loud", "CARAVAN_HTTP_PORT", "0");
    assertRefused(folder, environment, "caravan.aiperf.key-passing is 'loud'", "launcher");
  }

  private void assertRefused(Path home, Map<String, String> environment, String... message) {
    Settings settings = Settings.of(home, environment, new Properties());
    assertThatThrownBy(() -> new Daemon(settings, files).serve())
        .isInstanceOf(SettingsRefusedException.class)
        .message()
        .contains(message);
  }
}
