package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.config.settings.Settings;
import dev.caravan.testing.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CamelEngineTest {

  private static final int FAILED = 1;

  @TempDir private Path home;

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
