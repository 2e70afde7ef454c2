package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.testing.PowerCut;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How batches below any output folder of a home are found after they ended. */
class OutputFoldersTest {

  @TempDir Path folder;
  private ScratchHome scratch;

  @BeforeEach
  void prepare() throws IOException {
    scratch = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    scratch.inbox.prepare();
  }

  @Test
  void findsEndedBatchesOfEveryOutputFolder() throws Exception {
    // given
    Batch standard = ended("one", "aiperf_results");
    Batch other = ended("two", "out");
    Batch deep = ended("three", "a/b");
    // then
    assertThat(finder().all())
        .containsExactlyInAnyOrder(standard.folder(), other.folder(), deep.folder());
    assertThat(finder().find("two", folder)).contains(other.folder());
    assertThat(finder().find("three", folder)).contains(deep.folder());
    assertThat(finder().find(deep.id(), folder)).contains(deep.folder());
    assertThat(finder().find("latest", folder)).isPresent();
  }

  @Test
  void findsABatchOnceWhenANameIsALinkToAnother() throws Exception {
    // given
    Batch batch = ended("one", "aiperf_results");
    Path name = batch.folder().getParent();
    Files.createSymbolicLink(name.resolveSibling("alias"), name);

    // then
    assertThat(finder().all()).containsExactly(batch.folder());
    assertThat(finder().named("alias")).hasSize(1);
  }

  @Test
  void findsBatchesOfAnEarlierVersionByAScan() throws Exception {
    // given
    Batch other = ended("two", "out");
    delete(scratch.home.state().resolve("outputs"));
    // then
    assertThat(finder().find("two", folder)).contains(other.folder());
    // when
    ended("four", "elsewhere");
    // then
    assertThat(finder().find("two", folder)).contains(other.folder());
  }

  @Test
  void findsBatchesInFoldersThatOnlyBearTheNameOfOneOfTheHome() throws Exception {
    // given
    Batch batch = ended("two", "mine/datasets");
    delete(scratch.home.state().resolve("outputs"));
    // then
    assertThat(finder().find("two", folder)).contains(batch.folder());
  }

  @Test
  void looksForNoBatchesOutsideOfTheHome() throws Exception {
    // given: what looks like a batch folder, too high up to be one
    ended("two", "out");
    delete(scratch.home.state().resolve("outputs"));
    Files.writeString(
        Files.createDirectory(scratch.home.root().resolve("odd")).resolve(BatchFolder.RECORD),
        "{}");
    // then
    assertThat(new OutputFolders(scratch.home, new DurableFiles()).known())
        .allMatch(output -> output.startsWith(scratch.home.root()));
  }

  @ParameterizedTest
  @EnumSource
  void forgetsNoFolderOfAnEarlierVersionAtAPowerCutAtAnyMoment(PowerCut.When when)
      throws Exception {
    // given
    Batch earlier = ended("two", "out");
    Path added = scratch.home.root().resolve("added");
    boolean wasCut = true;
    for (int fatal = 1; wasCut; fatal++) {
      delete(scratch.home.state().resolve("outputs"));
      PowerCut disk = new PowerCut(fatal, when);
      // when
      try {
        new OutputFolders(scratch.home, disk).remember(added);
      } catch (PowerCut.PowerCutError cut) {
        new OutputFolders(scratch.home, new DurableFiles()).remember(added);
      }
      wasCut = !disk.neverHappened();
      // then
      assertThat(new OutputFolders(scratch.home, new DurableFiles()).known())
          .as(when + " change " + fatal)
          .contains(earlier.folder().getParent().getParent(), added);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void remembersAllFoldersOfProcessesThatAreFirstAtTheSameTime(boolean isEarlierVersion)
      throws Exception {
    // given
    if (isEarlierVersion) {
      ended("two", "out");
    }
    ExecutorService processes = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 20; round++) {
        delete(scratch.home.state().resolve("outputs"));
        CyclicBarrier start = new CyclicBarrier(4);
        List<Path> added = paths("added" + round + "_", 4);
        // when
        List<Future<Object>> ends =
            processes.invokeAll(added.stream().map(each -> remembering(each, start)).toList());
        for (Future<Object> end : ends) {
          end.get();
        }
        // then
        assertThat(new OutputFolders(scratch.home, new DurableFiles()).known()).containsAll(added);
      }
    } finally {
      processes.shutdownNow();
    }
  }

  private List<Path> paths(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> scratch.home.root().resolve(name + i)).toList();
  }

  private Callable<Object> remembering(Path output, CyclicBarrier start) {
    return () -> {
      start.await();
      new OutputFolders(scratch.home, new DurableFiles()).remember(output);
      return output;
    };
  }

  @Test
  void findsBatchesAfterTheHomeWasMoved() throws Exception {
    // given
    Batch batch = ended("two", "out");
    Path moved = Files.move(scratch.home.root(), folder.resolve("moved"));
    Home home = new Home(moved);
    // then
    assertThat(
            new BatchFinder(home, List.of(), new OpenBatches(home, new DurableFiles()))
                .find("two", folder))
        .contains(moved.resolve("out").resolve(batch.id()));
  }

  @Test
  void passesOverADamagedEntry() throws Exception {
    // given
    Batch batch = ended("two", "out");
    Path outputs = scratch.home.state().resolve("outputs");
    Files.writeString(outputs.resolve("a.json"), "{");
    Files.writeString(outputs.resolve("b.json"), "{\"folder\": null}");
    Files.writeString(outputs.resolve("c.json"), "{\"folder\": \"\\u0000\"}");
    // then
    assertThat(finder().find("two", folder)).contains(batch.folder());
  }

  private Batch ended(String name, String output) throws Exception {
    Batch batch =
        scratch.accept(
            "batch_name: " + name + "\noutput_base_dir: " + output + "\n" + FixedRules.BASE);
    for (OpenBatches.Entry entry : open().entries()) {
      open().forget(entry.claimId());
    }
    return batch;
  }

  private BatchFinder finder() {
    return new BatchFinder(scratch.home, List.of(), open());
  }

  private OpenBatches open() {
    return new OpenBatches(scratch.home, new DurableFiles());
  }

  private static void delete(Path outputs) throws IOException {
    if (!Files.exists(outputs)) {
      return;
    }
    for (Path file : new DurableFiles().list(outputs)) {
      Files.delete(file);
    }
    Files.delete(outputs);
  }
}
