package dev.caravan.pipeline.accept;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchStoreTest {

  private static final String CONFIG =
      "# my notes\n" + FixedRules.BASE + "sweeps:\n  concurrency: [1, 2]\n  model: [a, b/c]\n";

  @TempDir private Path folder;
  private ScratchHome scratch;

  @BeforeEach
  void setUp() throws IOException {
    scratch = new ScratchHome(folder);
  }

  @Test
  void keepsTheConfigByteForByteBesideTheBatchRecord() throws Exception {
    // when
    Batch batch = scratch.accept(CONFIG);
    // then
    assertThat(names(batch.folder())).containsExactly("batch.json", "config.yaml");
    assertThat(batch.folder().resolve("config.yaml")).hasContent(CONFIG);
    assertThat(batch.folder().getParent())
        .isEqualTo(scratch.home.root().resolve("aiperf_results/benchmark"));
    assertThat(batch.folder().getFileName().toString()).matches("\\d{8}_\\d{6}");
  }

  @Test
  void loadsABatchAsItWasCreated() throws Exception {
    // given
    Batch made = scratch.accept(CONFIG);
    // when
    Batch read = new ScratchHome(folder).batches.load(made.folder());
    // then
    assertThat(read.record()).isEqualTo(made.record());
    assertThat(read.config()).isEqualTo(made.config());
    assertThat(read.size()).isEqualTo(4);
    assertThat(read.run(3).id()).isEqualTo(read.id() + "/concurrency2_modelb%2Fc");
    assertThat(read.run(3).folder()).isEqualTo(made.folder().resolve("concurrency2_modelb%2Fc"));
  }

  @Test
  void givesEachBatchOfTheSameSecondItsOwnFolder() throws Exception {
    // when
    List<Batch> made = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      made.add(scratch.accept(CONFIG));
    }
    // then
    assertThat(made).extracting(Batch::folder).doesNotHaveDuplicates();
    assertThat(made)
        .allSatisfy(b -> assertThat(b.id()).isEqualTo("benchmark/" + b.folder().getFileName()));
    assertThat(names(made.get(0).folder().getParent())).hasSize(12);
  }

  /** A stop, a cancel or an answer for a run of the one would otherwise reach the other. */
  @Test
  void givesBatchesOfTheSameSecondInDifferentFoldersDifferentIds() throws Exception {
    // when
    List<Batch> made = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      made.add(scratch.accept("output_base_dir: results" + i % 2 + "\n" + CONFIG));
    }
    // then
    assertThat(made).extracting(Batch::id).doesNotHaveDuplicates();
    assertThat(made)
        .allSatisfy(b -> assertThat(b.id()).isEqualTo("benchmark/" + b.folder().getFileName()));
  }

  @Test
  void givesBatchesOfTheSameSecondInDifferentFoldersAndProcessesDifferentIds() throws Exception {
    // when
    List<Batch> made = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      made.add(new ScratchHome(folder).accept("output_base_dir: results" + i % 2 + "\n" + CONFIG));
    }
    // then
    assertThat(made).extracting(Batch::id).doesNotHaveDuplicates();
  }

  @Test
  void leavesAnIdAloneThatAnotherProcessIsAboutToUse() throws Exception {
    // given: one that is killed just before it renames the folder
    LocalDateTime now = LocalDateTime.now();
    for (int i = 0; i < 60; i++) {
      String second = now.plusSeconds(i).format(DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss"));
      assertThat(
              new OutputFolders(scratch.home, scratch.files)
                  .reserve("benchmark/" + second, "feed0123"))
          .isTrue();
    }
    // when
    Batch batch = scratch.accept(CONFIG);
    // then
    assertThat(batch.id()).matches("benchmark/\\d{8}_\\d{6}_2");
  }

  @Test
  void appendsANumberWhenTheTimestampIsTaken() throws Exception {
    // given: every timestamp of the next minute is taken, with and without _2
    Path parent = Files.createDirectories(scratch.home.root().resolve("aiperf_results/benchmark"));
    LocalDateTime now = LocalDateTime.now();
    for (int i = 0; i < 60; i++) {
      String second = now.plusSeconds(i).format(DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss"));
      Files.createDirectories(parent.resolve(second));
      Files.createDirectories(parent.resolve(second + "_2"));
    }
    // when
    Batch batch = scratch.accept(CONFIG);
    // then
    assertThat(batch.folder().getFileName().toString()).matches("\\d{8}_\\d{6}_3");
    assertThat(Json.read(batch.folder().resolve("batch.json"), BatchRecord.class).id())
        .isEqualTo("benchmark/" + batch.folder().getFileName());
  }

  @Test
  void failsToLoadAFolderWithoutABatchRecord() throws Exception {
    // given
    Batch batch = scratch.accept(CONFIG);
    Files.delete(batch.folder().resolve("batch.json"));
    // then
    assertThatThrownBy(() -> new BatchStore(new DurableFiles()).load(batch.folder()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void explainsWhyAConfigInABatchFolderIsNotAccepted() throws Exception {
    // given
    Batch batch = scratch.accept(CONFIG);
    Files.writeString(batch.folder().resolve("config.yaml"), "base_config: 3\n");
    // then
    assertThatThrownBy(() -> new BatchStore(new DurableFiles()).load(batch.folder()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("base_config");
  }

  @Test
  void hasNoRunOutsideItsSweeps() throws Exception {
    // given
    Batch batch = scratch.accept(CONFIG);
    // then
    assertThatThrownBy(() -> batch.run(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(batch.id() + " has no run 4: it has 4");
    assertThatThrownBy(() -> batch.run(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void removesOnlyTemporaryFoldersOfTheSameClaim() throws Exception {
    // given
    Path parent = Files.createDirectories(folder.resolve("p"));
    Files.createDirectories(parent.resolve(".20261124_101112.aaaa.tmp/x"));
    Files.createDirectories(parent.resolve(".20261124_101112.bbbb.tmp"));
    Files.createDirectories(parent.resolve("20261124_101112.aaaa.tmp"));
    // when
    scratch.batches.removeUnfinished(parent, "aaaa");
    // then
    assertThat(names(parent))
        .containsExactly(".20261124_101112.bbbb.tmp", "20261124_101112.aaaa.tmp");
  }
}
