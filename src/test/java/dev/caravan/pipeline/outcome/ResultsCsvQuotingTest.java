package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values in results.csv stay text for spreadsheets, and are read back as they were. */
class ResultsCsvQuotingTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"=1+1", "+cmd|' /C calc'!A0", "-x", "@SUM(A1)", "\tx", "\rx", "-", "'=x"})
  void escapesFormulas(String text) throws IOException {
    // given
    ResultRow row = Rows.recorded(0, Rows.sweep("model", text), "succeeded");
    // when
    byte[] csv = new ResultsCsv(List.of("model")).bytes(List.of(row));
    // then
    assertThat(CsvText.onlyRow(csv).get("model")).startsWith("'").endsWith(text);
    assertThat(CsvText.read(folder, csv).rows().get(0).sweep()).containsExactly(text);
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
    ResultRow row = Rows.recorded(0, Rows.sweep("model", text), "succeeded");
    // when
    byte[] csv = new ResultsCsv(List.of("model")).bytes(List.of(row));
    // then
    assertThat(CsvText.onlyRow(csv).get("model")).isEqualTo(text);
    assertThat(CsvText.read(folder, csv).rows().get(0).sweep()).containsExactly(text);
  }

  @Test
  void quotesAccordingToRfc4180() {
    // given
    ResultRow row = Rows.recorded(0, Rows.sweep("model", "a,\"b\""), "succeeded");
    // when
    String csv = CsvText.text(new ResultsCsv(List.of("model")).bytes(List.of(row)));
    // then
    assertThat(csv).contains("\n0,run0,\"a,\"\"b\"\"\",succeeded,");
    assertThat(csv).endsWith("\n");
  }
}
