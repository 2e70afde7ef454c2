package dev.caravan.observe.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code caravan.results.keep} does when a batch ends. */
class EndRetentionTest {

  private static final String NIGHTLY = "batch_name: nightly\n" + OldBatches.SWEEP;

  @TempDir private Path folder;

  private OldBatches old;

  @BeforeEach
  void prepare() throws IOException {
    old = new OldBatches(folder);
  }

  private EndRetention retention(String keep) {
    Settings settings = old.settings().with(Setting.RESULTS_KEEP, keep);
    return new EndRetention(
        settings, old.home(), new DurableFiles(), old.finder(), ScratchHome.OWNER);
  }

  @Test
  void deletesTheOldestBatchesOfTheNameThatEnded() throws Exception {
    // given
    Batch weekly = old.ended("batch_name: weekly\n");
    old.ended("batch_name: weekly\n");
    Batch oldest = old.ended(NIGHTLY);
    Batch before = old.ended(NIGHTLY);
    Batch ended = old.ended(NIGHTLY);

    // when
    try (EndRetention retention = retention("1")) {
      retention.changed(new PipelineChange.Closed(ended));

      // then
      await().until(() -> !before.folder().toFile().exists());
      await().until(() -> !oldest.folder().toFile().exists());
    }
    assertThat(ended.folder()).isDirectory();
    assertThat(weekly.folder()).isDirectory();
  }

  @Test
  void compressesWhenTheRuleSaysSoAndLeavesAnOldBatchThatHasJustEndedAgain() throws Exception {
    // given
    Batch retried = old.ended(NIGHTLY);
    Batch before = old.ended(NIGHTLY);
    old.ended(NIGHTLY);

    // when
    try (EndRetention retention = retention("1 compress")) {
      retention.changed(new PipelineChange.Closed(retried));

      // then
      await().until(() -> !before.run(1).folder().resolve("inputs.json").toFile().exists());
    }
    assertThat(before.run(1).folder().resolve("files.zip")).exists();
    assertThat(retried.run(0).folder().resolve("inputs.json")).exists();
  }
}
