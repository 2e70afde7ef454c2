package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.observe.report.Plot.Series;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plot of several batches, and the settings in which they differ. */
class FrontierPlotTest {

  private SampleTree tree;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
  }

  private Batch measured(String name, String labels, double tokens) {
    Batch batch = tree.batch(name, "concurrency: [1, 2]", labels);
    tree.succeeded(batch.run(0), tokens, 50);
    tree.succeeded(batch.run(1), 2 * tokens, 60);
    return batch;
  }

  private static ReportData comparison(Batch... batches) throws IOException {
    List<Path> folders = Stream.of(batches).map(Batch::folder).toList();
    return new Reporter(new BatchReader()).comparison(folders);
  }

  @Test
  void hasOneFrontierOverAllBatches() throws IOException {
    // given
    Batch slow = measured("slow", "engine: a, gpus: 2", 100);
    Batch fast = measured("fast", "engine: b, gpus: 2", 120);

    // when
    ReportData data = comparison(slow, fast);

    // then
    assertThat(data.plots()).singleElement().extracting(Plot::kind).isEqualTo(Plot.Kind.FRONTIER);
    Plot plot = data.plots().get(0);
    assertThat(plot.y()).containsExactly("output_tokens_per_s_per_gpu");
    assertThat(plot.series()).extracting(Series::label).containsExactly("a", "b");
    assertThat(plot.series()).extracting(Series::pareto).containsExactly(List.of(), List.of(0, 1));
    assertThat(plot.note()).isEmpty();
  }

  @Test
  void fallsBackToWhatAllHaveAndSaysWhy() throws IOException {
    // given
    Batch labelled = measured("labelled", "gpus: 2", 100);
    Batch bare = measured("bare", "", 120);
    Batch waiting = tree.batch("waiting", "concurrency: [1, 2]", "");

    // when
    Plot plot = comparison(labelled, bare, waiting).plots().get(0);

    // then
    assertThat(plot.y()).containsExactly("output_tokens_per_s");
    assertThat(plot.note())
        .isEqualTo(
            "Not per GPU, because there is no label gpus with a number in "
                + bare.id()
                + ". No run has completed in "
                + waiting.id()
                + ".");
  }

  @Test
  void drawsEachVariantAsALineWithItsOwnGpus() throws IOException {
    // given
    Batch batch =
        tree.batch(
            """
            batch_name: b
            base_config: {model: m, url: "http://127.0.0.1:9", warmup_request_count: 1,
              benchmark_duration: 10, concurrency: 1}
            sweeps: {concurrency: [1, 2]}
            variants: {one: {labels: {gpus: "1"}}, four: {labels: {gpus: "4"}}}
            """);
    for (int run = 0; run < 4; run++) {
      tree.succeeded(batch.run(run), 100, 50);
    }

    // when
    ReportData data = comparison(batch);

    // then
    assertThat(data.plots().get(0).series())
        .extracting(Series::label)
        .containsExactly(batch.id() + ": one", batch.id() + ": four");
    assertThat(data.batches().get(0).points())
        .extracting(point -> point.metrics().get(ReportMetric.TOKENS_PER_GPU).getAsDouble())
        .containsExactly(100.0, 100.0, 25.0, 25.0);
  }

  @Test
  void tellsTheSettingsThatDifferAndThoseOfEachRun() throws IOException {
    // given
    Batch one = measured("one", "engine: a", 100);
    Batch two = tree.batch("two", "concurrency: [1, 2, 4], streaming: [true]", "engine: b");
    tree.succeeded(two.run(0), 100, 50);

    // when
    ReportData data = comparison(one, two);
    List<DifferingSettings.Setting> differing =
        DifferingSettings.of(data.batches(), data.settings());

    // then
    assertThat(differing)
        .contains(
            new DifferingSettings.Setting("label engine", List.of("a", "b")),
            new DifferingSettings.Setting("concurrency", List.of("1, 2", "1, 2, 4")),
            new DifferingSettings.Setting("streaming", List.of("false", "true")))
        .extracting(DifferingSettings.Setting::key)
        .doesNotContain("model", "url", "aiperf");
    assertThat(data.settings().get(1).own(2)).containsKey("concurrency").doesNotContainKey("model");
    assertThat(data.settings().get(1).common()).containsKeys("model", "url", "streaming");
  }

  @Test
  void doesNotCallSettingsDifferentThatItDoesNotKnow() throws IOException {
    // given
    ReportData data = comparison(measured("one", "", 100), measured("two", "", 100));

    // when
    List<DifferingSettings.Setting> one =
        DifferingSettings.of(data.batches(), List.of(data.settings().get(0), BatchSettings.NONE));

    // then
    assertThat(one).extracting(DifferingSettings.Setting::key).doesNotContain("model", "url");
  }

  @Test
  void tellsLongListsOfValuesApartThatBeginAlike() throws IOException {
    // given
    Batch one = tree.batch("one", "concurrency: [1, 2, 3, 4, 5, 6, 7, 8, 9, 20]", "");
    Batch two = tree.batch("two", "concurrency: [1, 2, 3, 4, 5, 6, 7, 8, 10, 20]", "");
    Batch same = tree.batch("same", "concurrency: [20, 9, 8, 7, 6, 5, 4, 3, 2, 1]", "");
    Stream.of(one, two, same).forEach(batch -> tree.succeeded(batch.run(0), 100, 50));

    // when
    ReportData different = comparison(one, two);
    ReportData equal = comparison(one, same);

    // then
    assertThat(DifferingSettings.of(different.batches(), different.settings()))
        .containsExactly(
            new DifferingSettings.Setting(
                "concurrency",
                List.of(
                    "1, 2, 3, 4, 5, 6, 7, … 20 (10 values)",
                    "1, 2, 3, 4, 5, 6, 7, … 20 (10 values)")));
    assertThat(DifferingSettings.of(equal.batches(), equal.settings())).isEmpty();
  }
}
