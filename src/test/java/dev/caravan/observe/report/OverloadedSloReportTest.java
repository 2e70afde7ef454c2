package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All places name the lower loads that a service does not bear, however its runs there ended. */
class OverloadedSloReportTest {

  private static final String HIGHEST = "concurrency 16, though not at 1, 2, 4";

  private Batch batch;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    SampleTree tree = new SampleTree(folder);
    batch =
        tree.batch(
            FixedRules.BASE
                + "  streaming: true\n"
                + "batch_name: b\n"
                + "sweeps: {concurrency: [1, 2, 4, 8, 16]}\n"
                + "slo: {ttft_ms_p99: 500, error_rate_pct: 1}\n");
    tree.ended(batch.run(0), Outcome.FAILED, "all_requests_failed", "all 1,000 requests failed");
    tree.checked(batch.run(1), Outcome.INVALID, errors(Level.INVALID), 100, 300);
    tree.checked(batch.run(2), Outcome.DEGRADED, errors(Level.DEGRADED), 100, 300);
    failed(batch.run(2), 310);
    tree.ended(batch.run(3), Outcome.FAILED, "crashed", "aiperf was killed");
    tree.succeeded(batch.run(4), 200, 400);
    tree.summarise(batch, true);
  }

  private static CheckResults errors(Level level) {
    Finding found = new Finding("errors", level, 31, 0, "310 of 1,000 requests failed", "");
    return new CheckResults(List.of(found), List.of("errors"), Map.of(), Map.of());
  }

  private static void failed(Run run, int requests) throws IOException {
    Path export = run.folder().resolve("profile_export_aiperf.json");
    String errors = "\"error_request_count\": {\"unit\": \"requests\", \"avg\": " + requests + "},";
    Files.writeString(
        export,
        Files.readString(export).replace("\"request_count\"", errors + " \"request_count\""));
  }

  @Test
  void theTableOfResultsNamesThem() {
    // given
    List<ResultRow> rows =
        ResultsCsv.read(batch.folder().resolve(BatchFolder.RESULTS)).orElseThrow().rows();

    // when
    String text =
        new ResultsTable(List.of("concurrency"), 120, false, 1, batch.config().evaluation().slo())
            .text(rows);

    // then
    assertThat(text)
        .contains("misses the SLO: Error rate 23.7 %, at most 1 %")
        .contains("met by 1 of 5 runs, unknown for 3")
        .contains("\n  " + HIGHEST + "\n");
  }

  @Test
  void theSummaryOfTheBatchNamesThem() throws IOException {
    // when
    BatchSummary summary =
        BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY)).orElseThrow();

    // then
    assertThat(SloText.summary(summary))
        .isEqualTo("met by 1 of 5 runs, unknown for 3, up to " + HIGHEST);
    assertThat(json("summary.json").at("/slo/highest/0/missed_below")).hasToString("[1.0,2.0,4.0]");
  }

  @Test
  void theReportNamesThemInPagesAndMarkdown() throws IOException {
    // when
    ReportData report = new Reporter(new BatchReader()).report(List.of(batch.folder()));

    // then
    assertThat(Json.MAPPER.readTree(ReportJson.of(report)).at("/batches/0/slo/highest/0").asText())
        .isEqualTo(HIGHEST);
    assertThat(new MarkdownReport(report, List.of()).text()).contains(HIGHEST);
  }

  private JsonNode json(String file) throws IOException {
    return Json.MAPPER.readTree(Files.readString(batch.folder().resolve(file)));
  }
}
