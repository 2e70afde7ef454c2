package dev.caravan.observe.retention;

import static dev.caravan.observe.retention.FolderContent.content;
import static dev.caravan.observe.retention.FolderContent.names;
import static dev.caravan.observe.retention.FolderContent.unpacked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.testing.PowerCut;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a kill leaves of a batch that was being deleted or compressed. */
class KilledPruningTest {

  private OldBatches old;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    old = new OldBatches(folder);
  }

  @ParameterizedTest
  @EnumSource(PowerCut.When.class)
  void aKillWhileDeletingLeavesAWholeBatchOrNone(PowerCut.When when) throws Exception {
    boolean isCut = true;
    for (int change = 1; isCut; change++) {
      // given
      Batch batch = old.ended(OldBatches.NIGHTLY);
      Map<String, String> before = content(batch.folder());
      PowerCut files = new PowerCut(change, when);

      // when
      isCut = isCut(() -> old.pruner(files).prune(batch.folder(), false));

      // then
      if (Files.exists(batch.folder())) {
        assertThat(content(batch.folder())).isEqualTo(before);
        old.pruner().prune(batch.folder(), false);
      }
      old.pruner().finish(old.finder().outputFolders());
      assertThat(batch.folder().getParent()).isEmptyDirectory();
    }
  }

  @ParameterizedTest
  @EnumSource(PowerCut.When.class)
  void aKillWhileCompressingLosesNothing(PowerCut.When when) throws Exception {
    boolean isCut = true;
    for (int change = 1; isCut; change++) {
      // given
      Batch batch = old.ended(OldBatches.NIGHTLY);
      Map<String, String> before = content(batch.folder());
      PowerCut files = new PowerCut(change, when);

      // when
      isCut = isCut(() -> old.pruner(files).prune(batch.folder(), true));

      // then
      assertThat(unpacked(batch.folder())).isEqualTo(before);
      old.pruner().prune(batch.folder(), true);
      assertThat(unpacked(batch.folder())).isEqualTo(before);
      assertThat(batch.run(0).folder().resolve("inputs.json")).doesNotExist();
      assertThat(names(batch.run(0).folder())).noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @Test
  void aKillWhileTheArchiveIsWrittenLeavesNothingForGood() throws Exception {
    // given
    Batch batch = old.ended(OldBatches.NIGHTLY);
    Path cutOff = batch.run(0).folder().resolve(".files.zip.0f3c.tmp");
    Path other = batch.run(0).folder().resolve(".other.zip.0f3c.tmp");
    Files.writeString(cutOff, "half");
    Files.writeString(other, "not ours");

    // when
    old.pruner().prune(batch.folder(), true);

    // then
    assertThat(cutOff).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void deletesTheLastFileOfAnArchiveThatAKillLeft() throws Exception {
    // given
    Batch batch = old.ended(OldBatches.NIGHTLY);
    Path log = batch.run(0).folder().resolve("logs/last.log");
    SampleTree.write(log, "ready\n");
    old.pruner().prune(batch.folder(), true);
    SampleTree.write(log, "ready\n");

    // when, then
    assertThat(old.pruner().bytes(batch.folder(), true)).isEqualTo(6);
    old.pruner().prune(batch.folder(), true);
    assertThat(log).doesNotExist();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static boolean isCut(Work work) throws IOException {
    try {
      work.run();
      return false;
    } catch (PowerCut.PowerCutError e) {
      return true;
    }
  }
}
