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
  private ScratchHome scratch;

  @BeforeEach
  void setUp() throws IOException {
    scratch = new ScratchHome(folder);
  }

  @Test
  void listsInOrderOfAcceptance() throws IOException {
    // when
    for (int i = 0; i < 12; i++) {
      scratch.open.add("c" + i, folder);
    }
    // then
    assertThat(scratch.open.entries())
        .extracting(OpenBatches.Entry::sequence)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 12L);
    assertThat(scratch.open.entriesOf("c1")).hasSize(1);
    assertThat(scratch.open.entriesOf("1")).isEmpty();
  }

  @Test
  void skipsADamagedEntry() throws IOException {
    // given
    scratch.open.add("aa", folder);
    Files.writeString(
        scratch.home.openBatches().resolve("0000000002_bb.json"), "{\"sequence\": 2, ");
    scratch.open.add("cc", folder);
    // when, then
    assertThat(scratch.open.entries())
        .extracting(OpenBatches.Entry::claimId)
        .containsExactly("aa", "cc");
    assertThat(scratch.open.entriesOf("bb")).isEmpty();
  }

  @Test
  void findsTheFoldersOfAllBatchesInOrderOfAcceptance() throws Exception {
    // given: several batches of one name in the same second
    List<Path> accepted = new ArrayList<>();
    for (String name : List.of("b.yaml", "a.yaml", "c.yaml")) {
      Claim claim = scratch.claim(name, FixedRules.BASE);
      accepted.add(scratch.acceptance.accept(claim, scratch.rules()).batch().folder());
    }
    scratch.open.add("dd", accepted.get(0).getParent());
    // when, then
    assertThat(scratch.open.folders()).containsExactlyElementsOf(accepted);
  }

  @Test
  void keepsABatchUntilItsConfigIsArchived() throws Exception {
    // given
    Claim claim = scratch.claim("a.yaml", FixedRules.BASE);
    scratch.acceptance.accept(claim, scratch.rules());
    // when
    scratch.open.remove(claim.id());
    // then
    assertThat(scratch.open.entries()).hasSize(1);
    scratch.inbox.archive(claim);
    scratch.open.remove(claim.id());
    assertThat(scratch.open.entries()).isEmpty();
  }

  @Test
  void removesOneBatchOnly() throws IOException {
    // given
    scratch.open.add("aa", folder);
    scratch.open.add("ba", folder);
    // when
    scratch.open.remove("a");
    scratch.open.remove("aa");
    // then
    assertThat(scratch.open.entries()).extracting(OpenBatches.Entry::claimId).containsExactly("ba");
  }

  @Test
  void ignoresFilesThatAreNotEntries() throws IOException {
    // given
    scratch.open.add("aa", folder);
    Files.writeString(scratch.home.openBatches().resolve(".0000000002_bb.json.1.tmp"), "half");
    Files.writeString(scratch.home.openBatches().resolve("notes.txt"), "x");
    // then
    assertThat(scratch.open.entries()).hasSize(1);
    assertThat(scratch.open.add("cc", folder).sequence()).isEqualTo(2);
  }

  @Test
  void ignoresFoldersOfOtherClaimsAndIncompleteOnes() throws Exception {
    // given
    Batch other = scratch.accept(FixedRules.BASE);
    Path parent = other.folder().getParent();
    Path building = Files.createDirectories(parent.resolve(".20260101_000000.aa.tmp"));
    Files.writeString(building.resolve("batch.json"), "{\"claim_id\": \"aa\"}");
    Path odd = Files.createDirectories(parent.resolve("20260101_000001"));
    Files.writeString(odd.resolve("batch.json"), "{\"claim_id\": [");
    Files.createDirectories(parent.resolve("20260101_000002"));
    // when
    OpenBatches.Entry entry = scratch.open.add("aa", parent);
    // then
    assertThat(scratch.open.folder(entry)).isEmpty();
    assertThat(names(parent)).hasSize(4);
  }

  @Test
  void findsNoFolderBelowAMissingParent() throws IOException {
    // given
    OpenBatches.Entry entry = scratch.open.add("aa", folder.resolve("gone"));
    // then
    assertThat(scratch.open.folder(entry)).isEmpty();
  }
}
