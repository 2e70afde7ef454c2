package dev.caravan.pipeline.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.Dispatch;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.CapturedLog;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said when failed runs end their batch. */
class CancelledRestTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"max_failures: 2, 2 runs in a row failed", "max_failures: 3, 3 runs in a row failed"})
  void logsTheReasonOfTheLastRunOnlyOnce(String limit, String why) throws Exception {
    // given
    TestDaemon daemon = TestDaemon.in(folder);
    Batch batch =
        daemon.take(
            "batch_name: b\n"
                + FixedRules.BASE
                + "sweeps: {random_seed: [1, 2, 3, 4, 5, 6]}\nlimits: {"
                + limit
                + "}\n");
    ControlStore controls = new ControlStore(new DurableFiles());

    try (CapturedLog log = CapturedLog.of(Dispatch.class)) {
      // when
      while (controls.of(batch).cancelled().isEmpty()) {
        daemon.end(daemon.release().get(0), Outcome.FAILED);
      }

      // then
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("[" + batch.id() + "] Cancelled the remaining runs: " + why + " (last: ")
          .doesNotContain("reason");
      assertThat(controls.of(batch).cancelled().orElseThrow().message())
          .isEqualTo("by caravan: " + why + ": reason");
    }
  }
}
