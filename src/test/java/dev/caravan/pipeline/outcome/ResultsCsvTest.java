package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsCsvTest {

  @TempDir Path folder;

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
    Map<String, String> cells = cells(Rows.recorded(3, sweep("concurrency", 4L), "half_failed"));
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
        .containsEntry("started_at", "2026-11-24T14:02:54+01:00");
    assertThat(Double.parseDouble(cells.get("ttft_ms_p99"))).isBetween(50.0, 1000.0);
    assertThat(Double.parseDouble(cells.get("request_throughput_rps"))).isBetween(10.0, 100.0);
  }

  @Test
  void leavesAbsentMetricsEmpty() {
    // when
    Map<String, String> cells = cells(Rows.recorded(0, sweep("concurrency", 4L), "unauthorized"));
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
    assertThat(cells(Rows.recorded(0, sweep("concurrency", 4L), "succeeded")))
        .containsEntry("errors", "0");
  }

  @Test
  void writesNumbersWithoutExponents() {
    assertThat(cells(Rows.recorded(0, sweep("request_rate", 1e7), "succeeded")))
        .containsEntry("request_rate", "10000000");
    assertThat(cells(Rows.recorded(0, sweep("request_rate", 0.00001), "succeeded")))
        .containsEntry("request_rate", "0.000010");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+cmd|' /C calc'!A0", "-x", "@SUM(A1)", "\tx", "\rx", "-", "'=x"})
  void escapesFormulas(String text) throws IOException {
    // given
    ResultRow row = Rows.recorded(0, sweep("model", text), "succeeded");
    // when
    byte[] csv = new ResultsCsv(List.of("model")).bytes(List.of(row));
    // then
    assertThat(line(csv).get("model")).startsWith("'").endsWith(text);
    assertThat(read(csv).rows().get(0).sweep()).containsExactly(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-5",
        "+5",
        "-0.25",
        "-1e-3",
        "5",
        "a,b",
        "say \"hi\"",
        "two\nlines",
        "'",
        "it's",
        ""
      })
  void leavesOtherTextUnchanged(String text) throws IOException {
    // given
    ResultRow row = Rows.recorded(0, sweep("model", text), "succeeded");
    // when
    byte[] csv = new ResultsCsv(List.of("model")).bytes(List.of(row));
    // then
    assertThat(line(csv).get("model")).isEqualTo(text);
    assertThat(read(csv).rows().get(0).sweep()).containsExactly(text);
  }

  @Test
  void quotesAccordingToRfc4180() {
    // given
    ResultRow row = Rows.recorded(0, sweep("model", "a,\"b\""), "succeeded");
    // when
    String csv = text(new ResultsCsv(List.of("model")).bytes(List.of(row)));
    // then
    assertThat(csv).contains("\n0,run0,\"a,\"\"b\"\"\",succeeded,");
    assertThat(csv).endsWith("\n");
  }

  @Test
  void readsBackItsRowsAndWritesTheSameBytes() throws IOException {
    // given
    List<String> keys = List.of("concurrency", "tokenizer");
    Map<String, Object> sweep = sweep("concurrency", 2L);
    sweep.put("tokenizer", "=evil");
    List<ResultRow> rows =
        List.of(
            Rows.recorded(0, sweep, "succeeded"),
            Rows.recorded(1, sweep, "half_failed"),
            Rows.recorded(2, sweep, "refused"));
    byte[] csv = new ResultsCsv(keys).bytes(rows);
    // when
    ResultsCsv.Table table = read(csv);
    // then
    assertThat(table.sweepKeys()).isEqualTo(keys);
    assertThat(table.rows().get(1).metrics()).isEqualTo(rows.get(1).metrics());
    assertThat(table.rows().get(2).cause()).isEqualTo("target_lost");
    assertThat(text(new ResultsCsv(keys).bytes(table.rows()))).isEqualTo(text(csv));
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
            .bytes(List.of(Rows.checked(0, sweep("concurrency", 4L), "half_failed", checks)));
    // then
    assertThat(line(csv))
        .containsEntry("checks", "cache=warning;samples=note")
        .containsEntry("error_rate_pct", "50")
        .containsEntry("prefix_hits_pct", "61.7")
        .containsEntry("distinct_prompts", "")
        .containsEntry("ttft_ms_p99_low", "40.5");
    assertThat(read(csv).rows().get(0).checks())
        .containsExactly(
            new FoundCheck("cache", Level.WARNING, "", ""),
            new FoundCheck("samples", Level.NOTE, "", ""));
  }

  @Test
  void readsATableWithFindingsOfALaterCaravan() throws IOException {
    // given
    CheckResults checks =
        new CheckResults(
            List.of(new Finding("cache", Level.WARNING, 61.7, 10, "61.7 of 100 …", "a: b")),
            List.of("cache"),
            Map.of(),
            Map.of());
    String csv =
        text(
            new ResultsCsv(List.of())
                .bytes(List.of(Rows.checked(0, Map.of(), "succeeded", checks))));
    // when
    ResultRow read =
        read(csv.replace("cache=warning", "cache=warning;new=alarming;odd")
                .getBytes(StandardCharsets.UTF_8))
            .rows()
            .get(0);
    // then
    assertThat(read.checks()).containsExactly(new FoundCheck("cache", Level.WARNING, "", ""));
  }

  @Test
  void readsTheTableOfACaravanWithoutChecks() throws IOException {
    // given
    ResultRow row = Rows.recorded(0, Map.of(), "succeeded");
    String csv = text(new ResultsCsv(List.of()).bytes(List.of(row)));
    String older = csv.replaceFirst(",checks,.*\n", "\n").replaceFirst("(,[^,]*){11}\n$", "\n");
    // when
    ResultRow read = read(older.getBytes(StandardCharsets.UTF_8)).rows().get(0);
    // then
    assertThat(older).contains("tokenizer,started_at\n").endsWith("2026-11-24T14:02:54+01:00\n");
    assertThat(read.checks()).isEmpty();
    assertThat(read.metrics().get(Metric.ERROR_RATE)).isEmpty();
    assertThat(read.metrics().get(Metric.TTFT_P99)).isEqualTo(row.metrics().get(Metric.TTFT_P99));
  }

  @Test
  void ignoresColumnsAddedLater() throws IOException {
    // given
    ResultRow row = Rows.recorded(0, Map.of(), "succeeded");
    String csv = text(new ResultsCsv(List.of()).bytes(List.of(row)));
    // when
    ResultsCsv.Table table =
        read(
            csv.replaceFirst("\n", ",new\n")
                .replaceFirst("\n$", ",1\n")
                .getBytes(StandardCharsets.UTF_8));
    // then
    assertThat(table.rows()).extracting(ResultRow::metrics).containsExactly(row.metrics());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a,b\n1,2\n",
        "run_index,folder,outcome\nx",
        "run_index,folder,outcome\n0,f,strange\n"
      })
  void readsNothingFromAnotherTable(String text) throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("results.csv"), text);
    // then
    assertThat(ResultsCsv.read(file).filter(table -> !table.rows().isEmpty())).isEmpty();
  }

  @Test
  void readsNothingWithoutAFile() {
    assertThat(ResultsCsv.read(folder.resolve("none"))).isEmpty();
  }

  private ResultsCsv.Table read(byte[] csv) throws IOException {
    Optional<ResultsCsv.Table> table =
        ResultsCsv.read(Files.write(folder.resolve("results.csv"), csv));
    return table.orElseThrow();
  }

  private static Map<String, Object> sweep(String key, Object value) {
    Map<String, Object> sweep = new LinkedHashMap<>();
    sweep.put(key, value);
    return sweep;
  }

  private Map<String, String> cells(ResultRow row) {
    String key = row.sweep().get(0) instanceof Double ? "request_rate" : "concurrency";
    return line(new ResultsCsv(List.of(key)).bytes(List.of(row)));
  }

  /** The cells of the only row by column, read by an independent parser. */
  private static Map<String, String> line(byte[] csv) {
    List<String> cells = new java.util.ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (char c : text(csv).toCharArray()) {
      if (c == '"') {
        if (!quoted && cell.length() > 0 && cell.charAt(cell.length() - 1) == '\0') {
          cell.setLength(cell.length() - 1);
          cell.append('"');
        }
        quoted = !quoted;
        if (!quoted) {
          cell.append('\0');
        }
      } else if (!quoted && (c == ',' || c == '\n')) {
        cells.add(cell.toString().replace("\0", ""));
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    Map<String, String> byColumn = new LinkedHashMap<>();
    int columns = cells.size() / 2;
    for (int i = 0; i < columns; i++) {
      byColumn.put(cells.get(i), cells.get(columns + i));
    }
    return byColumn;
  }

  private static String text(byte[] csv) {
    return new String(csv, StandardCharsets.UTF_8);
  }
}
