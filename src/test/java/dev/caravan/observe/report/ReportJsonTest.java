package dev.caravan.observe.report;

import static dev.caravan.observe.report.SampleReports.report;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
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

/** What the page of a report gets to draw. */
class ReportJsonTest {

  private SampleTree tree;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    tree = new SampleTree(folder);
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
}
