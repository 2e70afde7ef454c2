package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report holds and which plots it chooses, from the tree alone. */
class ReporterTest {

  private SampleTree treeFolderKind;

  @BeforeEach
  void begin(@TempDir Path folder) throws IOException {
    treeFolderKind = new SampleTree(folder);
  }

  @Test
  void tellsEndedFailedAndComingPointsApart() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "concurrency: [1, 2, 4, 8]", "");
    treeFolderKind.succeeded(batch.run(0), 100, 50);
    treeFolderKind.ended(batch.run(1), Outcome.FAILED, "target_lost", "the service went away");
    treeFolderKind.ended(batch.run(2), Outcome.DEGRADED, "", "3 of 10 requests failed");
    treeFolderKind.export(batch.run(2), 300, 80);
    SampleTree.write(batch.run(3).folder().resolve("run_metadata.json"), "{}");

    // when
    BatchData data = report(batch).batches().get(0);

    // then
    assertThat(data.points())
        .extracting(Point::state)
        .containsExactly("succeeded", "failed", "degraded", "running");
    assertThat(data.points().get(1).cause()).isEqualTo("target_lost");
    assertThat(data.points().get(1).reason()).isEqualTo("the service went away");
    assertThat(data.points().get(2).figures().get(ReportMetric.TOKENS)).hasValue(300);
    assertThat(data.finished()).isFalse();
    assertThat(ReportText.counts(data)).isEqualTo("2 of 4 runs completed");
    assertThat(ReportText.bad(data)).isEqualTo("1 degraded, 1 failed");
  }

  @Test
  void keepsFailedPointsInTheirPlaceOfTheLine() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "concurrency: [8, 1, 4]", "");
    treeFolderKind.succeeded(batch.run(0), 300, 90);
    treeFolderKind.succeeded(batch.run(1), 100, 50);
    treeFolderKind.ended(batch.run(2), Outcome.TIMED_OUT, "", "it hung");

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots.get(0).kind()).isEqualTo(Kind.CURVE);
    assertThat(plots.get(0).x()).isEqualTo("ttft_ms_p99");
    assertThat(plots.get(0).y()).containsExactly("output_tokens_per_s");
    assertThat(plots.get(0).series())
        .singleElement()
        .satisfies(series -> assertThat(series.points()).containsExactly(1, 2, 0));
  }

  @Test
  void countsPerGpuWhenTheLabelSaysHowMany() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "concurrency: [1, 2]", "gpus: \"4\"");
    treeFolderKind.succeeded(batch.run(0), 100, 50);
    treeFolderKind.succeeded(batch.run(1), 200, 60);

    // when
    ReportData data = report(batch);

    // then
    assertThat(data.plots().get(0).y()).containsExactly("output_tokens_per_s_per_gpu");
    assertThat(data.batches().get(0).points().get(1).figures().get(ReportMetric.TOKENS_PER_GPU))
        .hasValue(50);
  }

  @Test
  void drawsTwoKeysAsAHeatMapAndOneLineAValue() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "concurrency: [1, 2], random_seed: [7, 8]", "");
    for (int run = 0; run < 4; run++) {
      treeFolderKind.succeeded(batch.run(run), 100 + run, 50 + run);
    }

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots).extracting(Plot::kind).contains(Kind.HEAT, Kind.LINES, Kind.TRADEOFF);
    assertThat(plots.get(0).series())
        .extracting(Plot.Series::label)
        .containsExactly("random_seed 7", "random_seed 8");
    assertThat(plots.get(0).series().get(1).points()).containsExactly(1, 3);
  }

  @Test
  void drawsAKeyThatIsNoNumberAsBars() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "model: [large, small]", "");
    treeFolderKind.succeeded(batch.run(0), 100, 50);
    treeFolderKind.succeeded(batch.run(1), 200, 40);

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots).extracting(Plot::kind).contains(Kind.BARS).doesNotContain(Kind.LINES);
    assertThat(report(batch).batches().get(0).provenance().model()).isEqualTo("large, small");
  }

  @Test
  void laysSeveralBatchesOverOneAnotherNamedByWhatTellsThemApart() throws IOException {
    // given
    Batch one = treeFolderKind.batch("one", "concurrency: [1, 2]", "engine: a, gpu: H100");
    Batch two = treeFolderKind.batch("two", "concurrency: [1, 2]", "engine: b, gpu: H100");
    for (Batch batch : List.of(one, two)) {
      treeFolderKind.succeeded(batch.run(0), 100, 50);
      treeFolderKind.succeeded(batch.run(1), 200, 60);
    }

    // when
    ReportData data = new Reporter(new BatchReader()).report(List.of(one.folder(), two.folder()));

    // then
    assertThat(data.plots().get(0).id()).isEqualTo("all-0");
    assertThat(data.plots().get(0).series())
        .extracting(Plot.Series::label)
        .containsExactly("a", "b");
    assertThat(data.plots().get(0).series()).extracting(Plot.Series::batch).containsExactly(0, 1);
  }

  @Test
  void readsATreeThatRunAiperfWrote() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "concurrency: [1, 2]", "");
    Path old = batch.folder().resolveSibling("old");
    for (int concurrency : List.of(10, 2)) {
      Path run = old.resolve("concurrency" + concurrency);
      SampleTree.write(
          run.resolve("run_metadata.json"),
          """
          {"run_index": %d, "timestamp": "2026-11-24T10:00:00", "config_file": "c.yaml",
           "sweep_params": {"concurrency": %d},
           "base_config": {"model": "m", "url": "http://10.0.0.7:8000/v1", "tokenizer": null}}
          """
              .formatted(concurrency == 2 ? 0 : 1, concurrency));
    }
    treeFolderKind.export(batch.run(0), 100, 50);
    java.nio.file.Files.copy(
        batch.run(0).folder().resolve("profile_export_aiperf.json"),
        old.resolve("concurrency2/profile_export_aiperf.json"));

    // when
    BatchData data = new Reporter(new BatchReader()).report(List.of(old)).batches().get(0);

    // then
    assertThat(data.keys()).containsExactly("concurrency");
    assertThat(data.points()).extracting(Point::state).containsExactly("succeeded", "failed");
    assertThat(data.points()).extracting(Point::folder).startsWith("concurrency2");
    assertThat(data.points().get(1).reason()).contains("no whole summary");
    assertThat(data.provenance().target()).isEqualTo("http://10.0.0.7:8000");
    assertThat(data.provenance().tokensTrusted()).isTrue();
  }

  @Test
  void saysThatAGeneralTokenizerIsNotTheModelsOwn() throws IOException {
    Batch batch = treeFolderKind.batch("b", "tokenizer: [builtin]", "");
    treeFolderKind.succeeded(batch.run(0), 100, 50);

    assertThat(TokenCount.of(batch.run(0).parameters()).trusted()).isFalse();
    assertThat(TokenCount.of(java.util.Map.of("use_server_token_count", true), "m", "builtin"))
        .isEqualTo(new TokenCount("as the service counted them", true));
  }

  @Test
  void takesServerFiguresWhereTheServiceTold() throws IOException {
    // given
    Batch batch = treeFolderKind.batch("b", "concurrency: [1]", "");
    treeFolderKind.succeeded(batch.run(0), 100, 50);
    SampleTree.write(
        batch.run(0).folder().resolve("server_metrics_export.json"),
        """
        {"metrics": {
          "vllm:num_requests_running": {"series": [{"stats": {"avg": 3}}, {"stats": {"avg": 4}}]},
          "vllm:kv_cache_usage_perc": {"series": [{"stats": {"avg": 0.25}}]},
          "vllm:prefix_cache_hits": {"series": [{"stats": {"total": 30}}]},
          "vllm:prefix_cache_queries": {"series": [{"stats": {"total": 40}}]}}}
        """);

    // when
    RunMetrics figures = report(batch).batches().get(0).points().get(0).figures();

    // then
    assertThat(figures.get(ReportMetric.RUNNING)).hasValue(7);
    assertThat(figures.get(ReportMetric.KV_CACHE)).hasValue(25);
    assertThat(figures.get(ReportMetric.PREFIX_HITS)).hasValue(75);
    assertThat(figures.get(ReportMetric.WAITING)).isEmpty();
  }

  @Test
  void writesAbsentFiguresAsNullAndNoTagInItsJson() throws IOException {
    // given
    Batch batch =
        treeFolderKind.batch("b", "model: [\"</script><script>alert(1)</script>\", x]", "");
    treeFolderKind.succeeded(batch.run(0), 100.123456789, 50);
    treeFolderKind.ended(batch.run(1), Outcome.FAILED, "crashed", "<img src=x>");

    // when
    String text = ReportJson.of(report(batch));

    // then
    assertThat(text).doesNotContain("<");
    JsonNode point = new ObjectMapper().readTree(text).at("/batches/0/points/0");
    assertThat(point.at("/values/0").asText()).startsWith("</script>");
    assertThat(point.at("/figures/0").asDouble()).isEqualTo(100.123);
  }

  private static ReportData report(Batch batch) throws IOException {
    return new Reporter(new BatchReader()).report(List.of(batch.folder()));
  }
}
