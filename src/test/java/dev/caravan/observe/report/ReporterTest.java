package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.pipeline.outcome.Metrics;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The content of a report, and the choice of its plots. */
class ReporterTest {

  private SampleTree tree;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
  }

  @Test
  void distinguishesCompletedFailedAndRunningPoints() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4, 8]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.ended(batch.run(1), Outcome.FAILED, "target_lost", "the service went away");
    tree.ended(batch.run(2), Outcome.DEGRADED, "", "3 of 10 requests failed");
    tree.export(batch.run(2), 300, 80);
    SampleTree.write(batch.run(3).folder().resolve("run_metadata.json"), "{}");

    // when
    BatchData data = report(batch).batches().get(0);

    // then
    assertThat(data.points())
        .extracting(Point::state)
        .containsExactly("succeeded", "failed", "degraded", "running");
    assertThat(data.points().get(1).cause()).isEqualTo("target_lost");
    assertThat(data.points().get(1).reason()).isEqualTo("the service went away");
    assertThat(data.points().get(2).metrics().get(ReportMetric.TOKENS)).hasValue(300);
    assertThat(data.finished()).isFalse();
    assertThat(ReportText.progress(data)).isEqualTo("2 of 4 runs completed");
    assertThat(ReportText.problems(data)).isEqualTo("1 degraded, 1 failed");
  }

  @Test
  void tellsThePageWhatTheChecksFound() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "");
    Finding cache = new Finding("cache", Level.WARNING, 61.654, 10, "61 of 100 tokens", "a: b");
    CheckResults found =
        new CheckResults(
            List.of(cache),
            List.of("cache"),
            Map.of("clock", "no marks"),
            Map.of(Statistic.TTFT_P99_LOW, 48.0, Statistic.TTFT_P99_HIGH, 55.0));
    tree.checked(batch.run(0), Outcome.SUCCEEDED, found, 100, 50);
    tree.succeeded(batch.run(1), 200, 60);

    // when
    JsonNode json = new ObjectMapper().readTree(ReportJson.of(report(batch))).at("/batches/0");

    // then
    assertThat(json.at("/checks/runs").asInt()).isEqualTo(2);
    assertThat(json.at("/checks/never_checked").asInt()).isEqualTo(1);
    assertThat(json.at("/checks/found/0/id").asText()).isEqualTo("cache");
    assertThat(json.at("/checks/found/0/why").asText()).contains("the cache");
    assertThat(json.at("/checks/unchecked/0/reason").asText()).isEqualTo("no marks");
    assertThat(json.at("/points/0/checks/0/advice").asText()).isEqualTo("a: b");
    assertThat(json.at("/points/0/intervals/ttft_ms_p99/1").asInt()).isEqualTo(55);
    assertThat(json.at("/metrics"))
        .filteredOn(metric -> metric.path("name").asText().equals("ttft_ms_p99"))
        .singleElement()
        .satisfies(metric -> assertThat(metric.path("samples").asInt()).isEqualTo(368));
  }

  @Test
  void keepsFailedPointsInTheirPositionOnTheLine() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [8, 1, 4]", "");
    tree.succeeded(batch.run(0), 300, 90);
    tree.succeeded(batch.run(1), 100, 50);
    tree.ended(batch.run(2), Outcome.TIMED_OUT, "", "it hung");

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
  void showsThroughputPerGpuWhenTheLabelGivesTheirNumber() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "gpus: \"4\"");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 200, 60);

    // when
    ReportData data = report(batch);

    // then
    assertThat(data.plots().get(0).y()).containsExactly("output_tokens_per_s_per_gpu");
    assertThat(data.batches().get(0).points().get(1).metrics().get(ReportMetric.TOKENS_PER_GPU))
        .hasValue(50);
  }

  @Test
  void drawsTwoKeysAsAHeatMapAndOneLinePerValue() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2], random_seed: [7, 8]", "");
    for (int run = 0; run < 4; run++) {
      tree.succeeded(batch.run(run), 100 + run, 50 + run);
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
  void drawsANonNumericKeyAsBars() throws IOException {
    // given
    Batch batch = tree.batch("b", "model: [large, small]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 200, 40);

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots).extracting(Plot::kind).contains(Kind.BARS).doesNotContain(Kind.LINES);
    assertThat(plots)
        .filteredOn(plot -> plot.kind() == Kind.BARS)
        .extracting(Plot::title)
        .containsExactly("Output tokens/s by model", "Time to first token by model");
    assertThat(plots.get(0).series())
        .as("the points of words are one series, named by their word")
        .singleElement()
        .satisfies(
            series -> {
              assertThat(series.label()).isEmpty();
              assertThat(series.key()).isZero();
              assertThat(series.points()).containsExactly(0, 1);
            });
    assertThat(report(batch).batches().get(0).provenance().model()).isEqualTo("large, small");
  }

  @Test
  void namesALineByTheOtherWordsAndFindsNoKneeBetweenWords() throws IOException {
    // given
    Batch batch = tree.batch("b", "endpoint_type: [chat, completions], model: [a, b, c]", "");
    for (int run = 0; run < 6; run++) {
      tree.succeeded(batch.run(run), 100 * (run % 3 + 1) - run * run, 50 + 30 * (run % 3));
    }

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots.get(0).series())
        .extracting(Plot.Series::label)
        .containsExactly("model a", "model b", "model c");
    assertThat(plots).flatExtracting(Plot::series).extracting(Plot.Series::knee).containsOnly(-1);
  }

  @Test
  void tellsWhichRunsACancelledBatchNeverStarted() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4]", "");
    tree.succeeded(batch.run(0), 100, 50);
    SampleTree.write(
        batch.folder().resolve("control.json"),
        """
        {"schema": 1, "cancelled": {"at": "2026-11-24T14:03:00+01:00", "by": "ann", "why": "no time"}}
        """);

    // when
    BatchData data = report(batch).batches().get(0);

    // then
    assertThat(data.points())
        .extracting(Point::state)
        .containsExactly("succeeded", "cancelled", "cancelled");
    assertThat(data.points().get(1).reason()).isEqualTo("not started: by ann: no time");
    assertThat(ReportText.problems(data)).isEqualTo("2 cancelled");
  }

  @Test
  void overlaysBatchesAndNamesThemByTheirDifferingLabels() throws IOException {
    // given
    Batch one = tree.batch("one", "concurrency: [1, 2]", "engine: a, gpu: H100");
    Batch two = tree.batch("two", "concurrency: [1, 2]", "engine: b, gpu: H100");
    for (Batch batch : List.of(one, two)) {
      tree.succeeded(batch.run(0), 100, 50);
      tree.succeeded(batch.run(1), 200, 60);
    }

    // when
    ReportData data = new Reporter(new BatchReader()).report(List.of(one.folder(), two.folder()));

    // then
    assertThat(data.plots().get(0).id()).isEqualTo("all-frontier");
    assertThat(data.plots().get(0).series())
        .extracting(Plot.Series::label)
        .containsExactly("a", "b");
    assertThat(data.plots().get(0).series()).extracting(Plot.Series::batch).containsExactly(0, 1);
  }

  @Test
  void callsNoPointParetoThatAnotherBatchBeats() throws IOException {
    // given
    Batch slow = tree.batch("slow", "concurrency: [1, 2]", "engine: a");
    Batch fast = tree.batch("fast", "concurrency: [1, 2]", "engine: b");
    tree.succeeded(slow.run(0), 100, 50);
    tree.succeeded(slow.run(1), 200, 60);
    tree.succeeded(fast.run(0), 110, 40);
    tree.succeeded(fast.run(1), 190, 55);

    // when
    ReportData data = new Reporter(new BatchReader()).report(List.of(slow.folder(), fast.folder()));

    // then
    assertThat(overlay(data, Kind.TRADEOFF).series())
        .extracting(Plot.Series::pareto)
        .containsExactly(List.of(1), List.of(0, 1));
  }

  @Test
  void drawsDegradedPointsButCountsThemForNoFrontier() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 200, 60);
    tree.checked(batch.run(2), Outcome.DEGRADED, CheckResults.NONE, 900, 40);

    // when
    ReportData data = new Reporter(new BatchReader()).report(List.of(batch.folder()));

    // then
    assertThat(data.plots().stream().filter(plot -> plot.kind() == Kind.TRADEOFF))
        .isNotEmpty()
        .flatExtracting(Plot::series)
        .allSatisfy(
            series -> {
              assertThat(series.points()).containsExactly(0, 1, 2);
              assertThat(series.pareto()).doesNotContain(2);
              assertThat(series.knee()).isNotEqualTo(2);
            });
  }

  @Test
  void callsNoPointParetoThatAnotherLineBeats() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2], random_seed: [7, 8]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 110, 40);
    tree.succeeded(batch.run(2), 200, 60);
    tree.succeeded(batch.run(3), 210, 50);

    // when
    List<Plot> plots = report(batch).plots();

    // then
    assertThat(plots)
        .filteredOn(plot -> plot.kind() == Kind.TRADEOFF || plot.kind() == Kind.CURVE)
        .isNotEmpty()
        .allSatisfy(
            plot ->
                assertThat(plot.series())
                    .extracting(Plot.Series::pareto)
                    .containsExactly(List.of(), List.of(1, 3)));
  }

  private static Plot overlay(ReportData data, Kind kind) {
    return data.plots().stream()
        .filter(plot -> plot.id().startsWith("all-") && plot.kind() == kind)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void readsATreeOfRunAiperf() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "");
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
    tree.export(batch.run(0), 100, 50);
    java.nio.file.Files.copy(
        batch.run(0).folder().resolve("profile_export_aiperf.json"),
        old.resolve("concurrency2/profile_export_aiperf.json"));

    // when
    BatchData data = new Reporter(new BatchReader()).report(List.of(old)).batches().get(0);

    // then
    assertThat(data.keys()).containsExactly("concurrency");
    assertThat(data.points()).extracting(Point::state).containsExactly("succeeded", "failed");
    assertThat(data.points()).extracting(Point::folder).startsWith("concurrency2");
    assertThat(data.points().get(1).reason()).contains("no complete summary");
    assertThat(data.provenance().target()).isEqualTo("http://10.0.0.7:8000");
    assertThat(data.provenance().tokenCountTrusted()).isTrue();
  }

  @Test
  void doesNotTrustTheCountOfAGenericTokenizer() throws IOException {
    Batch batch = tree.batch("b", "tokenizer: [builtin]", "");
    tree.succeeded(batch.run(0), 100, 50);

    assertThat(TokenCount.of(batch.run(0).parameters()).trusted()).isFalse();
    assertThat(TokenCount.of(Map.of(), "gpt2", "gpt2"))
        .isEqualTo(new TokenCount("tokenizer of gpt2", true));
    assertThat(TokenCount.of(Map.of(), "openai-community/gpt2", "gpt2").trusted()).isFalse();
    assertThat(TokenCount.of(Map.of("use_server_token_count", true), "m", "builtin"))
        .isEqualTo(new TokenCount("reported by the service", true));
  }

  @Test
  void readsServerMetrics() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1]", "");
    tree.succeeded(batch.run(0), 100, 50);
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
    Metrics<ReportMetric> metrics = report(batch).batches().get(0).points().get(0).metrics();

    // then
    assertThat(metrics.get(ReportMetric.RUNNING)).hasValue(7);
    assertThat(metrics.get(ReportMetric.KV_CACHE)).hasValue(25);
    assertThat(metrics.get(ReportMetric.PREFIX_HITS)).hasValue(75);
    assertThat(metrics.get(ReportMetric.WAITING)).isEmpty();
  }

  @Test
  void writesAbsentMetricsAsNullAndNoTagsInItsJson() throws IOException {
    // given
    Batch batch = tree.batch("b", "model: [\"</script><script>alert(1)</script>\", x]", "");
    tree.succeeded(batch.run(0), 100.123456789, 50);
    tree.ended(batch.run(1), Outcome.FAILED, "crashed", "<img src=x>");

    // when
    String text = ReportJson.of(report(batch));

    // then
    assertThat(text).doesNotContain("<");
    JsonNode point = new ObjectMapper().readTree(text).at("/batches/0/points/0");
    assertThat(point.at("/values/0").asText()).startsWith("</script>");
    assertThat(point.at("/metrics/2").asDouble()).isEqualTo(100.123);
  }

  private static ReportData report(Batch batch) throws IOException {
    return new Reporter(new BatchReader()).report(List.of(batch.folder()));
  }
}
