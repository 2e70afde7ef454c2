package dev.caravan.observe.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.Batch;
import dev.caravan.observe.compare.ComparedBatch;
import dev.caravan.observe.compare.ComparedBatchReader;
import dev.caravan.observe.compare.TrendReader;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.pipeline.accept.BatchLock;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.PowerCut;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrunerTest {

  private static final String NIGHTLY = "batch_name: nightly\n" + OldBatches.SWEEP;

  @TempDir private Path folder;

  private OldBatches old;

  @BeforeEach
  void prepare() throws IOException {
    old = new OldBatches(folder);
  }

  private Pruner pruner(DurableFiles files) {
    return new Pruner(old.protection(files), files);
  }

  private Pruner pruner() {
    return pruner(new DurableFiles());
  }

  @Test
  void deletesABatchAndSaysHowManyBytes() throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY);
    long planned = pruner().bytes(batch.folder(), false);

    // when
    long freed = pruner().prune(batch.folder(), false);

    // then
    assertThat(freed).isEqualTo(planned).isGreaterThan(80_000);
    assertThat(batch.folder().getParent()).isEmptyDirectory();
  }

  @ParameterizedTest
  @EnumSource(PowerCut.When.class)
  void aKillWhileDeletingLeavesAWholeBatchOrNone(PowerCut.When when) throws Exception {
    boolean isCut = true;
    for (int change = 1; isCut; change++) {
      // given
      Batch batch = old.ended(NIGHTLY);
      Map<String, String> before = content(batch.folder());
      PowerCut files = new PowerCut(change, when);

      // when
      isCut = isCut(() -> pruner(files).prune(batch.folder(), false));

      // then
      if (Files.exists(batch.folder())) {
        assertThat(content(batch.folder())).isEqualTo(before);
        pruner().prune(batch.folder(), false);
      }
      pruner().finish(old.finder().outputFolders());
      assertThat(batch.folder().getParent()).isEmptyDirectory();
    }
  }

  @Test
  void aCompressedBatchReadsAsBefore() throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY + "repeat: 3\n");
    old.ended(NIGHTLY + "repeat: 3\n");
    Map<String, String> before = content(batch.folder());
    String report = new BatchReader().read(batch.folder()).points().toString();
    ComparedBatch compared = new ComparedBatchReader().read(batch.folder());
    Object trend = TrendReader.of(old.settings(), List.of(), 10).read(List.of("nightly"));
    long planned = pruner().bytes(batch.folder(), true);

    // when
    long freed = pruner().prune(batch.folder(), true);

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
    assertThat(pruner().prune(batch.folder(), true)).as("nothing is left to do").isZero();
  }

  @Test
  void compressesABatchOfOneRunToo() throws Exception {
    // given
    Batch batch = old.ended("batch_name: single\n");
    Map<String, String> before = content(batch.folder());

    // when
    pruner().prune(batch.folder(), true);

    // then
    assertThat(names(batch.folder()))
        .contains("batch.json", "config.yaml", "results.csv", "summary.json", "files.zip")
        .doesNotContain("inputs.json", "logs", "lock");
    assertThat(unpacked(batch.folder())).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(PowerCut.When.class)
  void aKillWhileCompressingLosesNothing(PowerCut.When when) throws Exception {
    boolean isCut = true;
    for (int change = 1; isCut; change++) {
      // given
      Batch batch = old.ended(NIGHTLY);
      Map<String, String> before = content(batch.folder());
      PowerCut files = new PowerCut(change, when);

      // when
      isCut = isCut(() -> pruner(files).prune(batch.folder(), true));

      // then
      assertThat(unpacked(batch.folder())).isEqualTo(before);
      pruner().prune(batch.folder(), true);
      assertThat(unpacked(batch.folder())).isEqualTo(before);
      assertThat(batch.run(0).folder().resolve("inputs.json")).doesNotExist();
      assertThat(names(batch.run(0).folder())).noneMatch(name -> name.endsWith(".tmp"));
    }
  }

  @Test
  void aKillWhileTheArchiveIsWrittenLeavesNothingForGood() throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY);
    Path cutOff = batch.run(0).folder().resolve(".files.zip.0f3c.tmp");
    Path other = batch.run(0).folder().resolve(".other.zip.0f3c.tmp");
    Files.writeString(cutOff, "half");
    Files.writeString(other, "not ours");

    // when
    pruner().prune(batch.folder(), true);

    // then
    assertThat(cutOff).doesNotExist();
    assertThat(other).exists();
  }

  @Test
  void stopsBeforeItTakesAnythingFromABatchThatIsReopenedMeanwhile() throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY);
    DurableFiles reopening =
        new DurableFiles() {
          @Override
          public void writeStream(Path file, Content content) throws IOException {
            super.writeStream(file, content);
            old.tree.home().open.ensure(batch);
          }
        };

    // when, then
    assertThatThrownBy(() -> pruner(reopening).prune(batch.folder(), true))
        .hasMessageContaining("to be executed again");
    assertThat(batch.run(0).folder().resolve("inputs.json")).exists();
    assertThat(batch.run(1).folder().resolve("files.zip")).doesNotExist();
  }

  @Test
  void keepsFilesThatTheArchiveDoesNotHoldAsTheyAre() throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY);
    Path run = batch.run(0).folder();
    pruner().prune(batch.folder(), true);
    SampleTree.write(run.resolve("inputs.json"), "Prompt ".repeat(5_000));
    Path outside = SampleTree.write(folder.resolve("outside.txt"), "mine");
    Files.createSymbolicLink(run.resolve("link.txt"), outside);
    SampleTree.write(run.resolve(".withheld/secret.txt"), "sk");

    // when
    pruner().prune(batch.folder(), true);

    // then
    assertThat(run.resolve("inputs.json")).exists();
    assertThat(run.resolve("link.txt")).isSymbolicLink();
    assertThat(run.resolve(".withheld/secret.txt")).exists();
  }

  @Test
  void touchesNothingThatIsInUse() throws Exception {
    // given
    Batch running = old.ended(NIGHTLY);
    Batch reopened = old.ended(NIGHTLY);
    old.tree.home().open.ensure(reopened);

    // when, then
    try (BatchLock lock = BatchLock.take(running)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> pruner().prune(running.folder(), false))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("already running");
    }
    assertThatThrownBy(() -> pruner().prune(reopened.folder(), true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("to be executed again");
    assertThat(reopened.run(0).folder().resolve("inputs.json")).exists();
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
    long freed = pruner().prune(batch.folder(), true);

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
    assertThat(pruner().bytes(batch.folder(), true)).isZero();
    assertThat(pruner(files).prune(batch.folder(), true)).isZero();
    assertThat(content(batch.folder())).isEqualTo(before);
  }

  @Test
  void deletesTheLastFileOfAnArchiveThatAKillLeft() throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY);
    Path log = batch.run(0).folder().resolve("logs/last.log");
    SampleTree.write(log, "ready\n");
    pruner().prune(batch.folder(), true);
    SampleTree.write(log, "ready\n");

    // when, then
    assertThat(pruner().bytes(batch.folder(), true)).isEqualTo(6);
    pruner().prune(batch.folder(), true);
    assertThat(log).doesNotExist();
  }

  private Batch oldWithLittle() throws Exception {
    Batch batch = old.ended(NIGHTLY);
    for (int index : new int[] {0, 1}) {
      new DurableFiles().delete(batch.run(index).folder().resolve("inputs.json"));
      new DurableFiles().delete(batch.run(index).folder().resolve("logs"));
      new DurableFiles().delete(batch.run(index).folder().resolve("attempts"));
      SampleTree.write(batch.run(index).folder().resolve("stdout.log"), "ready\n");
    }
    return batch;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesABatchThatAnotherPrunedForDone(boolean compresses) throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY);
    pruner().prune(batch.folder(), false);

    // when, then
    assertThat(pruner().prune(batch.folder(), compresses)).isZero();
    assertThat(pruner().bytes(batch.folder(), compresses)).isZero();
  }

  @Test
  void deletesABatchWhileAnotherFinishesWhatItTakesForCutOff() throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY);
    long planned = pruner().bytes(batch.folder(), false);
    DurableFiles meanwhile =
        new DurableFiles() {
          @Override
          public void move(Path from, Path to) throws IOException {
            super.move(from, to);
            pruner().finish(old.finder().outputFolders());
          }
        };

    // when
    long freed = pruner(meanwhile).prune(batch.folder(), false);

    // then
    assertThat(freed).isEqualTo(planned);
    assertThat(batch.folder().getParent()).isEmptyDirectory();
  }

  @Test
  void saysThatFilesWereRemovedAndKeepsNoHalfOfAnArchive() throws Exception {
    // given
    Batch batch = old.ended(NIGHTLY);
    Path logs = batch.run(0).folder().resolve("logs/aiperf.log");
    DurableFiles meanwhile =
        new DurableFiles() {
          @Override
          public void writeStream(Path file, Content content) throws IOException {
            super.delete(logs);
            super.writeStream(file, content);
          }
        };

    // when, then
    assertThatThrownBy(() -> pruner(meanwhile).prune(batch.folder(), true))
        .hasMessage("files of it were removed meanwhile");
    assertThat(names(batch.run(0).folder())).noneMatch(name -> name.contains(".zip"));
    assertThat(batch.run(0).folder().resolve("inputs.json")).exists();

    // when, then
    pruner().prune(batch.folder(), true);
    assertThat(batch.run(0).folder().resolve("files.zip")).exists();
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

  private static List<String> names(Path folder) throws IOException {
    return new DurableFiles()
        .list(folder).stream().map(file -> file.getFileName().toString()).toList();
  }

  /** All files, without archives and what a cut left. */
  private static Map<String, String> content(Path folder) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (!name.endsWith(".tmp") && !name.endsWith(".zip") && !name.equals("lock")) {
          content.put(name, Files.readString(file));
        }
      }
    }
    return content;
  }

  /** All files, with those in archives. */
  private static Map<String, String> unpacked(Path folder) throws IOException {
    Map<String, String> content = content(folder);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path archive : files.filter(file -> file.endsWith("files.zip")).toList()) {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
          for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
            content.put(
                folder.relativize(archive.resolveSibling(entry.getName())).toString(),
                new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return content;
  }
}
