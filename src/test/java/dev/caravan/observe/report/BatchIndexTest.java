package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lists of batches, and the names that select one. */
class BatchIndexTest {

  private SampleTree tree;
  private Path cache;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
    cache = folder.resolve("cache/list.json");
  }

  @Test
  void readsOutcomesAndTheBestThroughputWithItsPoint() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4, 8]", "gpu: H100");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 250, 60);
    tree.ended(batch.run(2), Outcome.FAILED, "crashed", "it broke");
    tree.export(batch.run(3), 900, 60);
    tree.ended(batch.run(3), Outcome.DEGRADED, "", "half of the requests failed");
    tree.summarise(batch, true);

    // when
    BatchEntry entry = entries(batch).get(0);

    // then
    assertThat(entry.bestThroughput()).isEqualTo(250);
    assertThat(entry.bestPoint()).isEqualTo("concurrency2");
    assertThat(entry.count(Outcome.SUCCEEDED)).isEqualTo(2);
    assertThat(entry.count(Outcome.FAILED)).isEqualTo(1);
    assertThat(entry.labels()).containsEntry("gpu", "H100");
    assertThat(new BatchTable(200).text(List.of(entry))).contains("1 failed", "250 tokens/s");
  }

  @Test
  void readsTheBestMeanOfTheRepeatsOfAPoint() throws IOException {
    // given: one repeat is the fastest of all by chance
    Batch batch =
        tree.batch(
            "batch_name: b\n" + FixedRules.BASE + "sweeps: {concurrency: [1, 2]}\nrepeat: 3\n");
    List<Integer> throughput = List.of(100, 200, 230, 120, 110, 260);
    for (int run = 0; run < 6; run++) {
      tree.succeeded(batch.run(run), throughput.get(run), 50);
    }
    tree.export(batch.run(5), 900, 60);
    tree.ended(batch.run(5), Outcome.DEGRADED, "", "half of the requests failed");
    tree.summarise(batch, true);

    // when
    BatchEntry entry = entries(batch).get(0);

    // then
    assertThat(entry.bestThroughput()).isEqualTo(215);
    assertThat(entry.bestPoint()).isEqualTo("concurrency2");
    assertThat(entry.figures().orElseThrow().throughput()).hasValue(215);
  }

  @Test
  void cachesEntriesUntilABatchChanges() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.summarise(batch, false);
    assertThat(entries(batch).get(0).count(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(cache).exists();

    // when
    tree.succeeded(batch.run(1), 200, 50);
    tree.summarise(batch, true);

    // then
    assertThat(entries(batch).get(0).count(Outcome.SUCCEEDED)).isEqualTo(2);
    assertThat(entries(batch).get(0).finishedAt()).isNotEmpty();
  }

  @Test
  void isIgnoredOnceTheSameFilesSayAnotherThing() {
    // given
    String config =
        FixedRules.BASE
            + "vary_prompts: true\nslo: {request_latency_ms_p99: 700}\nrepeat: 2\n"
            + "sweeps: {concurrency: [1, 2], random_seed: %s}\n"
                .formatted(IntStream.range(0, 600).boxed().toList());

    // then
    assertThat(WorkloadDigest.of(tree.batch(config)))
        .as("changed: raise VERSION of BatchIndex, which keeps it")
        .isEqualTo("333a643b4d36e3d770df35258ba6cf0b108b72b2a4df1b32faf698a9c81dfd85");
  }

  @Test
  void isRebuiltWhenDeletedOrDamaged() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.summarise(batch, true);
    List<BatchEntry> first = entries(batch);

    // when, then
    Files.writeString(cache, "{\"version\": 1, \"batches\"");
    assertThat(entries(batch)).isEqualTo(first);
    Files.delete(cache);
    assertThat(entries(batch)).isEqualTo(first);
    assertThat(entries(batch)).as("from the cache").isEqualTo(first);
  }

  @Test
  void findsTheLatestBatchAndThoseBeforeIt() throws IOException {
    // given
    Path base = tree.batch("b", "concurrency: [1]", "").folder().getParent().getParent();
    Path older = copy(base, "b", "20200101_000000");
    Path newer = copy(base, "z", "20990101_000000");
    Path tenth = copy(base, "a", "20990101_000000_10");
    copy(base, "c", "20990101_000000_9");
    BatchFinder finder = new BatchFinder(tree.home().home, List.of(), tree.home().open);

    // when, then
    assertThat(finder.find("latest", base)).contains(tenth);
    assertThat(finder.find("latest~2", base)).contains(newer);
    assertThat(finder.find("latest~4", base)).contains(older);
    assertThat(finder.find("latest~5", base)).isEmpty();
    assertThat(finder.find("latest~", base)).isEmpty();
  }

  @Test
  void findsBatchesBeforeTheNewestOfAName() throws IOException {
    // given
    Path base = tree.batch("b", "concurrency: [1]", "").folder().getParent().getParent();
    Path older = copy(base, "nightly", "20990101_000000");
    Path second = copy(base, "nightly", "20990101_000000_9");
    Path newest = copy(base, "nightly", "20990101_000000_10");
    Path literal = copy(base, "x~1", "20990101_000000");
    copy(base, "x", "20990101_000000");
    copy(base, "x", "20990102_000000");
    BatchFinder finder = new BatchFinder(tree.home().home, List.of(), tree.home().open);

    // when, then
    assertThat(finder.find("nightly", base)).contains(newest);
    assertThat(finder.find("nightly~0", base)).contains(newest);
    assertThat(finder.find("nightly~1", base)).contains(second);
    assertThat(finder.find("nightly~2", base)).contains(older);
    assertThat(finder.find("nightly~3", base)).isEmpty();
    assertThat(finder.find("x~1", base)).as("a batch of that name").contains(literal);
    assertThat(finder.find("../b~0", base)).isEmpty();
  }

  @Test
  void ordersBatchesOfTheSameSecondByAcceptance() throws IOException {
    // given
    Path base = tree.batch("b", "concurrency: [1]", "").folder().getParent().getParent();
    Path first = copy(base, "y", "20990101_000000");
    Path last = copy(base, "z", "20990101_000000");
    String record =
        """
        {"id": "x", "owner": {"home": "h", "mode": "daemon"}, "claim_id": "c",
         "accepted_at": "2099-01-01T00:00:00.%dZ"}
        """;
    SampleTree.write(first.resolve("batch.json"), record.formatted(318));
    SampleTree.write(last.resolve("batch.json"), record.formatted(630));
    BatchFinder finder = new BatchFinder(tree.home().home, List.of(), tree.home().open);

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
