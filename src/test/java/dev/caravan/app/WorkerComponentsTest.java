package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.FakeAiperf;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a worker is ready for runs. */
class WorkerComponentsTest {

  @ParameterizedTest
  @CsvSource({"1MB, true", "9000TB, false"})
  void isNotReadyAndSaysSoWhileItsDiskIsNearlyFull(
      String minFree, boolean ready, @TempDir Path folder) throws Exception {
    // given
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("CARAVAN_AIPERF_COMMAND", FakeAiperf.in(folder.resolve("bin")).toString());
    environment.put("CARAVAN_LOCKS_DIR", folder.resolve("locks").toString());
    environment.put("CARAVAN_DISK_MIN_FREE", minFree);
    // when
    WorkerComponents worker =
        new WorkerComponents(
            Settings.of(folder, environment, new Properties()), new DurableFiles());
    // then
    assertThat(worker.isReady()).isEqualTo(ready);
    Optional<String> told = worker.heartbeats().heartbeat().whyNoRuns();
    assertThat(told.isEmpty()).isEqualTo(ready);
    assertThat(told.orElse("caravan.disk.min-free")).contains("caravan.disk.min-free");
  }
}
