package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which folders of a tree are batches, and which are runs of one. */
class ResultFoldersTest {

  private static final String SINGLE = "null";

  private Path results;

  @BeforeEach
  void prepare(@TempDir Path folder) {
    results = folder.resolve("aiperf_results");
  }

  @Test
  void batchesOfOneRunUnderOneNameAreBatches() throws IOException {
    // given
    Path first = run("bench/20261101_100000", SINGLE);
    Path second = run("bench/20261102_100000", SINGLE);

    // when
    List<Path> found = ResultFolders.batches(results);

    // then
    assertThat(found).containsExactly(first, second);
    assertThat(read(first).points()).hasSize(1);
  }

  @Test
  void aBatchOfOneRunHidesNoSweepOfItsName() throws IOException {
    // given
    Path single = run("bench/20261101_100000", SINGLE);
    run("bench/20261102_100000/concurrency1", "{\"concurrency\": 1}");
    run("bench/20261102_100000/concurrency2", "{\"concurrency\": 2}");

    // when
    List<Path> found = ResultFolders.batches(results);

    // then
    assertThat(found).containsExactly(single, results.resolve("bench/20261102_100000"));
  }

  @Test
  void linksWithinARunAreNotFollowed() throws IOException {
    // given
    Path run = run("bench/20261101_100000/concurrency1", "{\"concurrency\": 1}");
    for (String link : List.of("a", "b", "c", "d", "e")) {
      Files.createSymbolicLink(run.resolve(link), run);
    }

    // when: following them would take 5^12 looks
    List<Path> found = ResultFolders.batches(results);

    // then
    assertThat(found).containsExactly(results.resolve("bench/20261101_100000"));
    assertThat(read(found.get(0)).points()).hasSize(1);
  }

  @Test
  void ourBatchesOfOneRunAreBatchesUnderAnyName(@TempDir Path home) throws IOException {
    // given
    SampleTree tree = new SampleTree(home);
    Batch sweep = tree.batch("b", "concurrency: [1, 2]", "");
    tree.succeeded(sweep.run(0), 100, 50);
    Path renamed = sweep.folder().resolveSibling("first try");
    SampleTree.write(renamed.resolve("batch.json"), "{}");
    SampleTree.write(renamed.resolve("run_metadata.json"), "{\"sweep_params\": null}");

    // when
    List<Path> found = ResultFolders.batches(sweep.folder().getParent().getParent());

    // then
    assertThat(found).containsExactlyInAnyOrder(sweep.folder(), renamed);
  }

  @Test
  void foldersOfAiperfItselfArePointsOfOneBatch() throws IOException {
    // given
    for (String name : List.of("20261101_100000", "20261101_110000", "warm")) {
      SampleTree.write(results.resolve("mine").resolve(name + "/profile_export_aiperf.json"), "{}");
    }

    // when
    List<Path> found = ResultFolders.batches(results);

    // then
    assertThat(found).containsExactly(results.resolve("mine"));
    assertThat(read(found.get(0)).points()).hasSize(3);
  }

  /** {@code run_aiperf.py} does not encode a slash: the folder of such a run is within others. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "modelmeta/llama                    | {'model': 'meta/llama'}",
        "concurrency4_modelmeta/llama_streaming1 "
            + "| {'streaming': 1, 'model': 'meta/llama', 'concurrency': 4}",
        "concurrency4_modelm                | {'model': 'm', 'concurrency': 4}",
        "urlhttp:/h:8000/v1                 | {'url': 'http://h:8000/v1/'}",
        "tokenizer/models/a/b               | {'tokenizer': '/models/./a/b'}",
      })
  void aRunBelongsToItsBatchHoweverManySlashesItsValuesHave(String path, String sweep)
      throws IOException {
    // given
    Path batch = results.resolve("bench/20261101_100000");
    run("bench/20261101_100000/" + path, sweep.replace('\'', '"'));
    run("bench/20261101_100000/modelother/one", "{\"model\": \"other/one\"}");

    // when
    List<Path> found = ResultFolders.batches(results);

    // then
    assertThat(found).containsExactly(batch);
    assertThat(read(batch).points()).extracting(Point::folder).contains(path, "modelother/one");
    assertThat(read(batch).points()).extracting(Point::state).containsOnly("failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "artifacts/profile_export_aiperf.json",
        "copy/run_metadata.json",
        "modelm/run_metadata.json"
      })
  void aRunBesideThemHidesNoBatches(String file) throws IOException {
    // given
    Path single = run("bench/20261101_100000", SINGLE);
    run("sweep/20261102_100000/concurrency1", "{\"concurrency\": 1}");
    run("sweep/20261102_100000/modelmeta/llama", "{\"model\": \"meta/llama\"}");
    Path home = results.getParent();
    SampleTree.write(home.resolve(file), "{}");

    // when
    List<Path> found = ResultFolders.batches(home);

    // then
    assertThat(found).containsExactly(home, single, results.resolve("sweep/20261102_100000"));
    assertThat(read(home).points()).hasSize(1);
  }

  @Test
  void aRunWithinTheFolderOfAnotherIsARunToo() throws IOException {
    // given
    run("bench/20261101_100000/modelmeta", "{\"model\": \"meta\"}");
    run("bench/20261101_100000/modelmeta/llama", "{\"model\": \"meta/llama\"}");

    // when
    List<Path> found = ResultFolders.batches(results);

    // then
    assertThat(found).containsExactly(results.resolve("bench/20261101_100000"));
    assertThat(read(found.get(0)).points())
        .extracting(Point::folder)
        .containsExactly("modelmeta", "modelmeta/llama");
  }

  @Test
  void whatLiesDeeperWithoutBeingNamedByASweepIsNoRunOfTheBatch() throws IOException {
    // given
    run("bench/20261101_100000/modelm", "{\"model\": \"m\"}");
    run("bench/20261101_100000/modelm/copy", "{\"model\": \"m\"}");
    run("bench/20261101_100000/models/copy", "{\"model\": \"\\u0000\"}");

    // when
    BatchData batch = read(results.resolve("bench/20261101_100000"));

    // then
    assertThat(batch.points()).extracting(Point::folder).containsExactly("modelm");
  }

  private Path run(String path, String sweep) throws IOException {
    Path folder = Files.createDirectories(results.resolve(path));
    SampleTree.write(
        folder.resolve("run_metadata.json"),
        "{\"run_index\": 0, \"sweep_params\": %s, \"base_config\": {\"model\": \"m\"}}"
            .formatted(sweep));
    return folder;
  }

  private static BatchData read(Path folder) throws IOException {
    return new BatchReader().read(folder);
  }
}
