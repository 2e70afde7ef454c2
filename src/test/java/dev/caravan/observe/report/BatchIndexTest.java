package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of batches, and the names that mean one. */
class BatchIndexTest {

  private SampleTree treeFolderKind;
  private Path cache;

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    treeFolderKind = new SampleTree(folder);
    cache = folder.resolve("cache/list.json");
  }

  @Test
  void tellsOutcomesAndTheBestThroughputWithItsPoint() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "concurrency: [1, 2, 4]", "gpu: H100");
    treeFolderKind.succeeded(batch.run(0), 100, 50);
    treeFolderKind.succeeded(batch.run(1), 250, 60);
    treeFolderKind.ended(batch.run(2), Outcome.FAILED, "crashed", "it broke");
    treeFolderKind.summarise(batch, true);

    // when
    BatchEntry entry = entries(batch).get(0);

    // then
    assertThat(entry.bestThroughput()).isEqualTo(250);
    assertThat(entry.bestPoint()).isEqualTo("concurrency2");
    assertThat(entry.of("succeeded")).isEqualTo(2);
    assertThat(entry.of("failed")).isEqualTo(1);
    assertThat(entry.labels()).containsEntry("gpu", "H100");
    assertThat(new BatchTable(200).text(List.of(entry))).contains("3 (1 failed)", "250 tokens/s");
  }

  @Test
  void keepsEntriesAndSeesWhenABatchChanged() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "concurrency: [1, 2]", "");
    treeFolderKind.succeeded(batch.run(0), 100, 50);
    treeFolderKind.summarise(batch, false);
    assertThat(entries(batch).get(0).of("succeeded")).isEqualTo(1);
    assertThat(cache).exists();

    // when
    treeFolderKind.succeeded(batch.run(1), 200, 50);
    treeFolderKind.summarise(batch, true);

    // then
    assertThat(entries(batch).get(0).of("succeeded")).isEqualTo(2);
    assertThat(entries(batch).get(0).finishedAt()).isNotEmpty();
  }

  @Test
  void isMadeAgainWhenDeletedOrDamaged() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "concurrency: [1]", "");
    treeFolderKind.succeeded(batch.run(0), 100, 50);
    treeFolderKind.summarise(batch, true);
    List<BatchEntry> first = entries(batch);

    // when, then
    Files.writeString(cache, "{\"version\": 1, \"batches\"");
    assertThat(entries(batch)).isEqualTo(first);
    Files.delete(cache);
    assertThat(entries(batch)).isEqualTo(first);
    assertThat(entries(batch)).as("from the kept ones").isEqualTo(first);
  }

  @Test
  void knowsTheLatestBatchAndThoseBeforeIt() throws IOException {
    // given
    Path base = treeFolderKind.batch("b", "concurrency: [1]", "").folder().getParent().getParent();
    Path older = copy(base, "b", "20200101_000000");
    Path newer = copy(base, "z", "20990101_000000");
    Path tenth = copy(base, "a", "20990101_000000_10");
    copy(base, "c", "20990101_000000_9");
    BatchFinder finder =
        new BatchFinder(treeFolderKind.home().home, List.of(), treeFolderKind.home().open);

    // when, then
    assertThat(finder.find("latest", base)).contains(tenth);
    assertThat(finder.find("latest~2", base)).contains(newer);
    assertThat(finder.find("latest~4", base)).contains(older);
    assertThat(finder.find("latest~5", base)).isEmpty();
    assertThat(finder.find("latest~", base)).isEmpty();
  }

  @Test
  void knowsWhichBatchOfOneSecondCameLast() throws IOException {
    // given
    Path base = treeFolderKind.batch("b", "concurrency: [1]", "").folder().getParent().getParent();
    Path first = copy(base, "y", "20990101_000000");
    Path last = copy(base, "z", "20990101_000000");
    SampleTree.write(
        first.resolve("batch.json"), "{\"accepted_at\": \"2099-01-01T00:00:00.318Z\"}");
    SampleTree.write(last.resolve("batch.json"), "{\"accepted_at\": \"2099-01-01T00:00:00.630Z\"}");
    BatchFinder finder =
        new BatchFinder(treeFolderKind.home().home, List.of(), treeFolderKind.home().open);

    // when, then
    assertThat(finder.find("latest", base)).contains(last);
    assertThat(finder.find("latest~1", base)).contains(first);
  }

  private static Path copy(Path base, String name, String time) throws IOException {
    SampleTree.write(base.resolve(name).resolve(time).resolve("batch.json"), "{}");
    return base.resolve(name).resolve(time);
  }

  private List<BatchEntry> entries(Batch batch) {
    return new BatchIndex(cache, new BatchReader()).entries(List.of(batch.folder()));
  }
}
