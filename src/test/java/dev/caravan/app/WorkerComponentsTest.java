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
    WorkerComponents worker =
        new WorkerComponents(
            Settings.of(folder, environment, new Properties()), new DurableFiles());
    // when: the first heartbeat comes before a slot looks for runs
    worker.recover();
    Optional<String> first = worker.heartbeats().heartbeat().whyNoRuns();
    // then
    assertThat(first.isEmpty()).isEqualTo(ready);
    assertThat(first.orElse("caravan.disk.min-free")).contains("caravan.disk.min-free");
    assertThat(worker.isReady()).isEqualTo(ready);
    assertThat(worker.heartbeats().heartbeat().whyNoRuns()).isEqualTo(first);
  }
}
