package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A rate without a limit is the highest load, in all places that tell it. */
class UnlimitedSloReportTest {

  @TempDir private Path folder;

  private Batch batch(String rates, double... latencies) throws IOException {
    SampleTree tree = new SampleTree(folder);
    Batch batch =
        tree.batch(
            FixedRules.BASE
                + "  streaming: true\n"
                + "batch_name: b\n"
                + ("sweeps: {request_rate: [" + rates + "]}\n")
                + "slo: {ttft_ms_p99: 500}\n");
    for (int index = 0; index < latencies.length; index++) {
      tree.succeeded(batch.run(index), 100, latencies[index]);
    }
    tree.summarise(batch, true);
    return batch;
  }

  @ParameterizedTest
  @CsvSource({
    "'20, 40, null', 300, 400, 450, request_rate inf, ''",
    "'20, inf, 40', 300, 400, 600, request_rate inf, ', though not at 40'",
    "'inf, 20, 40.5', 600, 300, 400, request_rate 40.5, ''",
    "'null, 20, 40', 600, 700, 800, no request_rate, ''"
  })
  void isToldAsTheHighest(
      String rates, double first, double second, double third, String load, String but)
      throws IOException {
    // given
    Batch batch = batch(rates, first, second, third);
    List<ResultRow> rows =
        ResultsCsv.read(batch.folder().resolve(BatchFolder.RESULTS)).orElseThrow().rows();

    // when
    String table =
        new ResultsTable(List.of("request_rate"), 120, false, 1, batch.config().evaluation().slo())
            .text(rows);
    BatchSummary summary =
        BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY)).orElseThrow();
    ReportData report = new Reporter(new BatchReader()).report(List.of(batch.folder()));

    // then
    assertThat(table).contains("\n  " + load + but + "\n");
    assertThat(SloText.summary(summary)).endsWith(", up to " + load + but);
    assertThat(SloText.brief(summary)).contains(load);
    assertThat(new MarkdownReport(report, List.of()).text())
        .contains(": " + load.replace("_", "\\_") + but + "\n");
    assertThat(Json.MAPPER.readTree(ReportJson.of(report)).at("/batches/0/slo/highest/0").asText())
        .isEqualTo(load + but);
  }
}
