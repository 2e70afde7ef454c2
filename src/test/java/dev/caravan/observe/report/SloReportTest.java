package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.FixedRules;
import dev.caravan.config.Slo;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.outcome.SloResult;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Json;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where it is shown whether runs keep the bounds of their config. */
class SloReportTest {

  private static final String CONFIG =
      FixedRules.BASE
          + "  streaming: true\n"
          + "batch_name: b\n"
          + "sweeps: {concurrency: [4, 8, 16, 32]}\n"
          + "slo: {ttft_ms_p99: 500, error_rate_pct: 1}\n";

  private Batch batch;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    SampleTree tree = new SampleTree(folder);
    batch = tree.batch(CONFIG);
    tree.succeeded(batch.run(0), 100, 300);
    tree.succeeded(batch.run(1), 200, 500);
    tree.succeeded(batch.run(2), 300, 612.4);
    tree.ended(batch.run(3), Outcome.FAILED, "crashed", "it broke");
    tree.summarise(batch, true);
  }

  @Test
  void tableNamesTheBoundsThatARunMisses() {
    // given
    List<ResultRow> rows =
        ResultsCsv.read(batch.folder().resolve(BatchFolder.RESULTS)).orElseThrow().rows();

    // when
    String text =
        new ResultsTable(List.of("concurrency"), 100, false, 1, batch.config().evaluation().slo())
            .text(rows);

    // then
    assertThat(text)
        .startsWith("concurrency  outcome    slo ")
        .contains("  misses the SLO: TTFT p99 612 ms, at most 500 ms\n")
        .contains(
            """
            slo: TTFT p99 at most 500 ms, Error rate at most 1 %; met by 2 of 4 runs, unknown for 1
            Highest load at which a run meets it (a plain maximum):
              concurrency 8
            """);
    assertThat(text.lines().filter(line -> line.contains("kept  "))).hasSize(2);
  }

  @Test
  void roundsNoValueOntoTheBoundThatItMisses() {
    // given
    List<Slo> bounds =
        List.of(
            new Slo("ttft_ms_p99", 500),
            new Slo("error_rate_pct", 0.0004),
            new Slo("output_tokens_per_s", 1234.5));
    Map<String, Double> metrics =
        Map.of("ttft_ms_p99", 500.3, "error_rate_pct", 0.0005, "output_tokens_per_s", 1234.46);
    Function<String, OptionalDouble> metric = name -> OptionalDouble.of(metrics.get(name));

    // then
    assertThat(SloText.missed(SloResult.of(bounds, metric), metric))
        .isEqualTo(
            "TTFT p99 500.3 ms, at most 500 ms; Error rate 0.000500 %, at most 0.0004 %; Output"
                + " tokens/s 1,234, at least 1,234.5");
  }

  @Test
  void markdownHasALineAndAColumn() throws IOException {
    // when
    String text = new MarkdownReport(report(), List.of()).text();

    // then
    assertThat(text)
        .contains(
            "**SLO** TTFT p99 at most 500 ms, Error rate at most 1 %: met by 2 of 4 runs, unknown"
                + " for 1. Highest load at which a run meets it (a plain maximum): concurrency 8\n")
        .contains(" | missed: TTFT p99 612 ms, at most 500 ms |")
        .contains(" | kept |");
    assertThat(text.lines().filter(line -> line.startsWith("| ")))
        .allSatisfy(line -> assertThat(line.split(" \\| ")).hasSizeLessThanOrEqualTo(8));
  }

  @Test
  void pageHasBoundsForItsPlotsAndAStateARun() throws IOException {
    // when
    JsonNode json = Json.MAPPER.readTree(ReportJson.of(report())).at("/batches/0");

    // then
    assertThat(json.at("/slo/bounds/ttft_ms_p99").asDouble()).isEqualTo(500);
    assertThat(json.at("/slo/highest/0").asText()).isEqualTo("concurrency 8");
    assertThat(json.at("/points/0/slo").asText()).isEqualTo("kept");
    assertThat(json.at("/points/2/slo").asText()).isEqualTo("missed");
    assertThat(json.at("/points/2/slo_missed/0").asText()).isEqualTo("ttft_ms_p99");
    assertThat(json.at("/points/3/slo").asText()).isEqualTo("unknown");
  }

  @Test
  void listHasTheHighestLoad() throws IOException {
    // when
    BatchEntry entry = new BatchEntryReader(new BatchReader()).entry(batch.folder());

    // then
    assertThat(entry.slo()).isEqualTo("concurrency 8");
    assertThat(new BatchTable(200).text(List.of(entry))).contains("meets SLO", "concurrency 8");
  }

  private ReportData report() throws IOException {
    return new Reporter(new BatchReader()).report(List.of(batch.folder()));
  }
}
