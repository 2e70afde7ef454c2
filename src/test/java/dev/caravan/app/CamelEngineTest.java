package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CamelEngineTest {

  private static final int FAILED = 1;

  @TempDir private Path home;

  @Test
  void doesNotTryAgainWhereAFileIsOutOfReach() {
    // given
    IOException denied = new AccessDeniedException("/home/a/.caravan/lock");
    IOException wrapped = new FileSystemException("/home/a/b.json", null, "permission denied");
    wrapped.initCause(denied);

    // when, then
    for (IOException why : List.of(denied, wrapped)) {
      assertThatThrownBy(() -> CamelEngine.cannotServe(home, why))
          .isInstanceOf(SettingsRefusedException.class)
          .hasMessageStartingWith("cannot serve " + home + ": /home/a/")
          .hasMessageEndingWith(": permission denied");
    }
    assertThat(CamelEngine.cannotServe(home, new IOException("No space left on device")))
        .isEqualTo(FAILED);
  }

  @Test
  void letsAServiceManagerTryAgainWhereADiskTakesNoFile() throws IOException {
    // given: a file system on which root may create files, but cannot
    Path disk = Path.of("/proc/self/fdinfo");
    assumeTrue(Files.isWritable(disk));
    Files.createSymbolicLink(home.resolve(".caravan"), disk);

    try (CapturedLog log = CapturedLog.of(CamelEngine.class)) {
      // when
      int exit = new CamelEngine().serve(Settings.of(home, Map.of(), new Properties()));

      // then
      assertThat(exit).isEqualTo(FAILED);
      assertThat(log.lines()).hasSize(1).first().asString().startsWith("Cannot serve " + home);
    }
  }
}
