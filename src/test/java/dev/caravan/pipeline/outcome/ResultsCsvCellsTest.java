package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The columns of results.csv and what their cells hold. */
class ResultsCsvCellsTest {

  @TempDir private Path folder;

  @Test
  void hasExactlyTheDocumentedColumns() {
    assertThat(String.join(",", new ResultsCsv(List.of("concurrency", "model")).columns()))
        .isEqualTo(
            "run_index,folder,concurrency,model,outcome,cause,attempt,requests,errors,duration_s,"
                + "request_throughput_rps,output_tokens_per_s,output_tokens_per_s_per_user,"
                + "ttft_ms_avg,ttft_ms_p50,ttft_ms_p90,ttft_ms_p99,"
                + "itl_ms_avg,itl_ms_p50,itl_ms_p90,itl_ms_p99,"
                + "request_latency_ms_avg,request_latency_ms_p50,request_latency_ms_p90,"
                + "request_latency_ms_p99,isl_avg,osl_avg,osl_asked,effective_concurrency,"
                + "tokenizer,started_at,checks,error_rate_pct,prefix_hits_pct,distinct_prompts,"
                + "ttft_ms_p99_low,ttft_ms_p99_high,"
                + "request_latency_ms_p99_low,request_latency_ms_p99_high,variant,point,repeat");
  }

  @Test
  void hasNoTwoColumnsOfOneName() throws IOException {
    // given
    List<String> keys = List.of("tokenizer", "streaming", "sweep_tokenizer", "errors", "sweep_x");
    ResultsCsv csv = new ResultsCsv(keys);
    // when
    Path file = Files.write(folder.resolve("results.csv"), csv.bytes(List.of()));
    // then
    assertThat(csv.columns())
        .doesNotHaveDuplicates()
        .contains("sweep_tokenizer", "sweep_sweep_tokenizer", "sweep_errors", "sweep_x");
    assertThat(ResultsCsv.read(file).orElseThrow().sweepKeys()).isEqualTo(keys);
  }

  @Test
  void writesTheMetricsOfARealAiperf() {
    // when
    Map<String, String> cells =
        cells(Rows.recorded(3, Rows.sweep("concurrency", 4L), "half_failed"));
    // then
    assertThat(cells)
        .containsEntry("run_index", "3")
        .containsEntry("folder", "run3")
        .containsEntry("concurrency", "4")
        .containsEntry("outcome", "degraded")
        .containsEntry("cause", "")
        .containsEntry("requests", "44")
        .containsEntry("errors", "44")
        .containsEntry("duration_s", "8.125")
        .containsEntry("isl_avg", "20")
        .containsEntry("osl_asked", "8")
        .containsEntry("tokenizer", "builtin")
        .containsEntry("started_at", "2026-11-24T14:02:54.000+01:00");
    assertThat(Double.parseDouble(cells.get("ttft_ms_p99"))).isBetween(50.0, 1000.0);
    assertThat(Double.parseDouble(cells.get("request_throughput_rps"))).isBetween(10.0, 100.0);
  }

  @Test
  void leavesAbsentMetricsEmpty() {
    // when
    Map<String, String> cells =
        cells(Rows.recorded(0, Rows.sweep("concurrency", 4L), "unauthorized"));
    // then
    assertThat(cells)
        .containsEntry("outcome", "failed")
        .containsEntry("cause", "unauthorized")
        .containsEntry("requests", "")
        .containsEntry("errors", "")
        .containsEntry("request_throughput_rps", "")
        .containsEntry("itl_ms_avg", "");
  }

  @Test
  void hasZeroErrorsWhenTheSummaryMentionsNone() {
    assertThat(cells(Rows.recorded(0, Rows.sweep("concurrency", 4L), "succeeded")))
        .containsEntry("errors", "0");
  }

  @Test
  void writesNumbersWithoutExponents() {
    assertThat(cells(Rows.recorded(0, Rows.sweep("request_rate", 1e7), "succeeded")))
        .containsEntry("request_rate", "10000000");
    assertThat(cells(Rows.recorded(0, Rows.sweep("request_rate", 0.00001), "succeeded")))
        .containsEntry("request_rate", "0.000010");
  }

  @Test
  void namesTheFindingsAndWhatTheChecksCount() throws IOException {
    // given
    CheckResults checks =
        new CheckResults(
            List.of(
                new Finding("cache", Level.WARNING, 61.7, 10, "61.7 of 100 …", "a: b"),
                new Finding("samples", Level.NOTE, 40, 368, "40 requests are too few", "")),
            List.of("cache", "samples"),
            Map.of(),
            Map.of(Statistic.PREFIX_HITS, 61.7, Statistic.TTFT_P99_LOW, 40.5));
    byte[] csv =
        new ResultsCsv(List.of("concurrency"))
            .bytes(List.of(Rows.checked(0, Rows.sweep("concurrency", 4L), "half_failed", checks)));
    // then
    assertThat(CsvText.onlyRow(csv))
        .containsEntry("checks", "cache=warning;samples=note")
        .containsEntry("error_rate_pct", "50")
        .containsEntry("prefix_hits_pct", "61.7")
        .containsEntry("distinct_prompts", "")
        .containsEntry("ttft_ms_p99_low", "40.5");
    assertThat(CsvText.read(folder, csv).rows().get(0).checks())
        .containsExactly(
            new FoundCheck("cache", Level.WARNING, "", ""),
            new FoundCheck("samples", Level.NOTE, "", ""));
  }

  private Map<String, String> cells(ResultRow row) {
    String key = row.sweep().get(0) instanceof Double ? "request_rate" : "concurrency";
    return CsvText.onlyRow(new ResultsCsv(List.of(key)).bytes(List.of(row)));
  }
}
