package dev.caravan.pipeline.accept;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Claim;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenBatchesTest {

  @TempDir private Path folder;
  private ScratchHome life;

  @BeforeEach
  void begin() throws IOException {
    life = new ScratchHome(folder);
  }

  @Test
  void listsInOrderOfAcceptance() throws IOException {
    // when
    for (int i = 0; i < 12; i++) {
      life.open.add("c" + i, folder);
    }
    // then
    assertThat(life.open.entries())
        .extracting(OpenBatches.Entry::sequence)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(life.open.entriesOf("c1")).hasSize(1);
    assertThat(life.open.entriesOf("1")).isEmpty();
  }

  @Test
  void listsTheOthersWhenOneEntryIsDamaged() throws IOException {
    // given
    life.open.add("aa", folder);
    Files.writeString(life.home.openBatches().resolve("0000000002_bb.json"), "{\"sequence\": 2, ");
    life.open.add("cc", folder);
    // when, then
    assertThat(life.open.entries())
        .extracting(OpenBatches.Entry::claimId)
        .containsExactly("aa", "cc");
    assertThat(life.open.entriesOf("bb")).isEmpty();
  }

  @Test
  void findsTheFoldersOfAllBatchesInOrderOfAcceptance() throws Exception {
    // given: more of one name than a second has
    List<Path> accepted = new ArrayList<>();
    for (String name : List.of("b.yaml", "a.yaml", "c.yaml")) {
      Claim claim = life.claim(name, FixedRules.BASE);
      accepted.add(life.acceptance.accept(claim, life.rules()).batch().folder());
    }
    life.open.add("dd", accepted.get(0).getParent());
    // when, then
    assertThat(life.open.folders()).containsExactlyElementsOf(accepted);
  }

  @Test
  void keepsABatchUntilItsConfigIsArchived() throws Exception {
    // given
    Claim claim = life.claim("a.yaml", FixedRules.BASE);
    life.acceptance.accept(claim, life.rules());
    // when
    life.open.remove(claim.id());
    // then
    assertThat(life.open.entries()).hasSize(1);
    life.inbox.archive(claim);
    life.open.remove(claim.id());
    assertThat(life.open.entries()).isEmpty();
  }

  @Test
  void takesOffOneBatchAndLeavesTheOthers() throws IOException {
    // given
    life.open.add("aa", folder);
    life.open.add("ba", folder);
    // when
    life.open.remove("a");
    life.open.remove("aa");
    // then
    assertThat(life.open.entries()).extracting(OpenBatches.Entry::claimId).containsExactly("ba");
  }

  @Test
  void passesOverWhatIsNoEntry() throws IOException {
    // given
    life.open.add("aa", folder);
    Files.writeString(life.home.openBatches().resolve(".0000000002_bb.json.1.tmp"), "half");
    Files.writeString(life.home.openBatches().resolve("notes.txt"), "x");
    // then
    assertThat(life.open.entries()).hasSize(1);
    assertThat(life.open.add("cc", folder).sequence()).isEqualTo(2);
  }

  @Test
  void findsNoFolderAmongUnfinishedForeignAndOddOnes() throws Exception {
    // given
    Batch other = life.accept(FixedRules.BASE);
    Path parent = other.folder().getParent();
    Path building = Files.createDirectories(parent.resolve(".20260101_000000.aa.tmp"));
    Files.writeString(building.resolve("batch.json"), "{\"claim_id\": \"aa\"}");
    Path odd = Files.createDirectories(parent.resolve("20260101_000001"));
    Files.writeString(odd.resolve("batch.json"), "{\"claim_id\": [");
    Files.createDirectories(parent.resolve("20260101_000002"));
    // when
    OpenBatches.Entry entry = life.open.add("aa", parent);
    // then
    assertThat(life.open.folder(entry)).isEmpty();
    assertThat(names(parent)).hasSize(4);
  }

  @Test
  void findsNothingBelowAFolderThatIsGone() throws IOException {
    // given
    OpenBatches.Entry entry = life.open.add("aa", folder.resolve("gone"));
    // then
    assertThat(life.open.folder(entry)).isEmpty();
  }
}
