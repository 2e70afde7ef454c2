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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon does to a home before it serves it. */
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
}
