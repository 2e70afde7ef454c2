package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from tables of this Caravan, of an older or later one, and of others. */
class ResultsCsvReadingTest {

  @TempDir private Path folder;

  @Test
  void readsBackItsRowsAndWritesTheSameBytes() throws IOException {
    // given
    List<String> keys = List.of("concurrency", "tokenizer");
    Map<String, Object> sweep = Rows.sweep("concurrency", 2L);
    sweep.put("tokenizer", "=evil");
    List<ResultRow> rows =
        List.of(
            Rows.recorded(0, sweep, "succeeded"),
            Rows.recorded(1, sweep, "half_failed"),
            Rows.recorded(2, sweep, "refused"));
    byte[] csv = new ResultsCsv(keys).bytes(rows);
    // when
    ResultsCsv.Table table = CsvText.read(folder, csv);
    // then
    assertThat(table.sweepKeys()).isEqualTo(keys);
    assertThat(table.rows().get(1).metrics()).isEqualTo(rows.get(1).metrics());
    assertThat(table.rows().get(2).cause()).isEqualTo("target_lost");
    assertThat(CsvText.text(new ResultsCsv(keys).bytes(table.rows()))).isEqualTo(CsvText.text(csv));
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
        CsvText.text(
            new ResultsCsv(List.of())
                .bytes(List.of(Rows.checked(0, Map.of(), "succeeded", checks))));
    // when
    ResultRow read =
        CsvText.read(
                folder,
                csv.replace("cache=warning", "cache=warning;new=alarming;odd")
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
    String csv = CsvText.text(new ResultsCsv(List.of()).bytes(List.of(row)));
    String older = csv.replaceFirst(",checks,.*\n", "\n").replaceFirst("(,[^,]*){11}\n$", "\n");
    // when
    ResultRow read = CsvText.read(folder, older.getBytes(StandardCharsets.UTF_8)).rows().get(0);
    // then
    assertThat(older)
        .contains("tokenizer,started_at\n")
        .endsWith("2026-11-24T14:02:54.000+01:00\n");
    assertThat(read.checks()).isEmpty();
    assertThat(read.metrics().get(Metric.ERROR_RATE)).isEmpty();
    assertThat(read.metrics().get(Metric.TTFT_P99)).isEqualTo(row.metrics().get(Metric.TTFT_P99));
  }

  @Test
  void ignoresColumnsAddedLater() throws IOException {
    // given
    ResultRow row = Rows.recorded(0, Map.of(), "succeeded");
    String csv = CsvText.text(new ResultsCsv(List.of()).bytes(List.of(row)));
    // when
    ResultsCsv.Table table =
        CsvText.read(
            folder,
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
}
