package dev.caravan.observe.retention;

import static dev.caravan.observe.retention.FolderContent.content;
import static dev.caravan.observe.retention.FolderContent.names;
import static dev.caravan.observe.retention.FolderContent.unpacked;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.observe.compare.ComparedBatch;
import dev.caravan.observe.compare.ComparedBatchReader;
import dev.caravan.observe.compare.TrendReader;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a batch that was deleted or compressed, and how many bytes that freed. */
class PrunedBatchTest {

  @TempDir private Path folder;

  private OldBatches old;

  @BeforeEach
  void prepare() throws IOException {
    old = new OldBatches(folder);
  }

  @Test
  void deletesABatchAndSaysHowManyBytes() throws Exception {
    // given
    Batch batch = old.ended(OldBatches.NIGHTLY);
    long planned = old.pruner().bytes(batch.folder(), false);

    // when
    long freed = old.pruner().prune(batch.folder(), false);

    // then
    assertThat(freed).isEqualTo(planned).isGreaterThan(80_000);
    assertThat(batch.folder().getParent()).isEmptyDirectory();
  }

  @Test
  void aCompressedBatchReadsAsBefore() throws Exception {
    // given
    Batch batch = old.ended(OldBatches.NIGHTLY + "repeat: 3\n");
    old.ended(OldBatches.NIGHTLY + "repeat: 3\n");
    Map<String, String> before = content(batch.folder());
    String report = new BatchReader().read(batch.folder()).points().toString();
    ComparedBatch compared = new ComparedBatchReader().read(batch.folder());
    Object trend = TrendReader.of(old.settings(), List.of(), 10).read(List.of("nightly"));
    long planned = old.pruner().bytes(batch.folder(), true);

    // when
    long freed = old.pruner().prune(batch.folder(), true);

    // then
    assertThat(planned).isGreaterThan(200_000);
    assertThat(freed).isBetween(planned * 8 / 10, planned);
    assertThat(new BatchReader().read(batch.folder()).points()).hasToString(report);
    assertThat(new ComparedBatchReader().read(batch.folder())).isEqualTo(compared);
    assertThat(TrendReader.of(old.settings(), List.of(), 10).read(List.of("nightly")))
        .isEqualTo(trend);
    assertThat(names(batch.run(0).folder()))
        .containsExactly(
            "attempts", "files.zip", "process_result.json", "profile_export_aiperf.json");
    assertThat(unpacked(batch.folder())).isEqualTo(before);
    assertThat(old.pruner().prune(batch.folder(), true)).as("nothing is left to do").isZero();
  }

  @Test
  void compressesABatchOfOneRunToo() throws Exception {
    // given
    Batch batch = old.ended("batch_name: single\n");
    Map<String, String> before = content(batch.folder());

    // when
    old.pruner().prune(batch.folder(), true);

    // then
    assertThat(names(batch.folder()))
        .contains("batch.json", "config.yaml", "results.csv", "summary.json", "files.zip")
        .doesNotContain("inputs.json", "logs", "lock");
    assertThat(unpacked(batch.folder())).isEqualTo(before);
  }

  @Test
  void keepsFilesThatTheArchiveDoesNotHoldAsTheyAre() throws Exception {
    // given
    Batch batch = old.ended(OldBatches.NIGHTLY);
    Path run = batch.run(0).folder();
    old.pruner().prune(batch.folder(), true);
    SampleTree.write(run.resolve("inputs.json"), "Prompt ".repeat(5_000));
    Path outside = SampleTree.write(folder.resolve("outside.txt"), "mine");
    Files.createSymbolicLink(run.resolve("link.txt"), outside);
    SampleTree.write(run.resolve(".withheld/secret.txt"), "sk");

    // when
    old.pruner().prune(batch.folder(), true);

    // then
    assertThat(run.resolve("inputs.json")).exists();
    assertThat(run.resolve("link.txt")).isSymbolicLink();
    assertThat(run.resolve(".withheld/secret.txt")).exists();
  }

  @Test
  void leavesABatchAsItIsOfWhichAnArchiveWouldTakeMoreThanItsFiles() throws Exception {
    // given
    Batch batch = oldWithLittle();
    for (int each = 0; each < 200; each++) {
      SampleTree.write(batch.run(0).folder().resolve("logs/" + each), "a line of a small log\n");
    }
    Map<String, String> before = content(batch.folder());

    // when
    long freed = old.pruner().prune(batch.folder(), true);

    // then
    assertThat(freed).isZero();
    assertThat(content(batch.folder())).isEqualTo(before);
    assertThat(names(batch.run(0).folder())).doesNotContain("files.zip");
  }

  @Test
  void neitherPromisesNorTriesToCompressAFewKilobytes() throws Exception {
    // given
    Batch batch = oldWithLittle();
    SampleTree.write(batch.run(1).folder().resolve("stdout.log"), "ready\n".repeat(600));
    Map<String, String> before = content(batch.folder());
    DurableFiles files =
        new DurableFiles() {
          @Override
          public void writeStream(Path file, Content content) {
            throw new AssertionError("written: " + file);
          }
        };

    // when, then
    assertThat(old.pruner().bytes(batch.folder(), true)).isZero();
    assertThat(old.pruner(files).prune(batch.folder(), true)).isZero();
    assertThat(content(batch.folder())).isEqualTo(before);
  }

  private Batch oldWithLittle() throws Exception {
    Batch batch = old.ended(OldBatches.NIGHTLY);
    for (int index : new int[] {0, 1}) {
      new DurableFiles().delete(batch.run(index).folder().resolve("inputs.json"));
      new DurableFiles().delete(batch.run(index).folder().resolve("logs"));
      new DurableFiles().delete(batch.run(index).folder().resolve("attempts"));
      SampleTree.write(batch.run(index).folder().resolve("stdout.log"), "ready\n");
    }
    return batch;
  }
}
