package dev.caravan.observe.report;

import static dev.caravan.observe.report.SampleReports.report;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.Metrics;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The points of a report: how each ended, and how far its numbers are to be trusted. */
class ReportedPointsTest {

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
    Files.copy(
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
  void doesNotTrustTheCountOfAGenericTokenizer() throws IOException {
    // given
    Batch batch = tree.batch("b", "tokenizer: [builtin]", "");
    tree.succeeded(batch.run(0), 100, 50);

    // then
    assertThat(TokenCount.of(batch.run(0).parameters()).trusted()).isFalse();
    assertThat(TokenCount.of(Map.of(), "gpt2", "gpt2"))
        .isEqualTo(new TokenCount("tokenizer of gpt2", true));
    assertThat(TokenCount.of(Map.of(), "openai-community/gpt2", "gpt2").trusted()).isFalse();
    assertThat(TokenCount.of(Map.of("use_server_token_count", true), "m", "builtin"))
        .isEqualTo(new TokenCount("reported by the service", true));
  }
}
