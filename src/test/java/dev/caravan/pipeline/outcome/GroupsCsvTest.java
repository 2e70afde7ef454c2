package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsCsvTest {

  private static final Sweep VARIANTS =
      sweep(
          """
          points: [{isl: 128}, {isl: 1024}]
          sweeps: {concurrency: [4, 16]}
          exclude: [{isl: 1024, concurrency: 16}]
          repeat: 3
          variants: {before: {}, after: {url: "http://other:8000"}}
          """);

  @TempDir Path folder;

  @Test
  void hasALineAVariantAndPointInTheOrderOfThePlan() {
    // given
    List<ResultRow> rows =
        new ArrayList<>(VARIANTS.indexes().mapToObj(index -> row(VARIANTS, index)).toList());
    rows.remove(0); // an ended run of the second round comes before those of the first
    // when
    byte[] table = new GroupsCsv(VARIANTS).bytes(rows);
    // then
    Golden.assertText("pipeline/outcome/groups.csv", new String(table, StandardCharsets.UTF_8));
  }

  @Test
  void countsOnlyRunsWhoseNumbersMeanSomething() {
    // given
    Sweep sweep = sweep("repeat: 5\n");
    List<ResultRow> rows =
        List.of(
            row(sweep, 0, Outcome.SUCCEEDED, 100),
            row(sweep, 1, Outcome.DEGRADED, 120),
            row(sweep, 2, Outcome.INVALID, 9_000),
            row(sweep, 3, Outcome.FAILED, Double.NaN),
            row(sweep, 4, Outcome.SUCCEEDED, Double.NaN));
    // when
    Map<String, String> cells = onlyLine(sweep, rows);
    // then
    assertThat(cells)
        .containsEntry("runs", "5")
        .containsEntry("n", "3")
        .containsEntry("output_tokens_per_s_mean", "110")
        .containsEntry("itl_ms_p50_mean", "")
        .containsEntry("itl_ms_p50_cv_pct", "")
        .containsEntry("noisy", "output_tokens_per_s;ttft_ms_p50")
        .containsEntry("degraded", "1")
        .containsEntry("checks", "");
  }

  @Test
  void tellsWhatTheNumbersOfItsRunsAreMarkedWith() {
    // given: of the invalid run, no number is in the mean
    Sweep sweep = sweep("repeat: 4\n");
    List<ResultRow> rows =
        List.of(
            found(row(sweep, 0, Outcome.SUCCEEDED, 100), "lengths", Level.WARNING),
            found(row(sweep, 1, Outcome.DEGRADED, 120), "errors", Level.DEGRADED),
            found(row(sweep, 2, Outcome.INVALID, 9_000), "replies", Level.INVALID),
            found(row(sweep, 3, Outcome.SUCCEEDED, 100), "samples", Level.NOTE));
    // when
    Map<String, String> cells = onlyLine(sweep, rows);
    // then
    assertThat(cells)
        .containsEntry("degraded", "1")
        .containsEntry("checks", "errors=degraded;lengths=warning");
  }

  private static ResultRow found(ResultRow row, String id, Level level) {
    return row.withChecks(List.of(new FoundCheck(id, level, "", "")));
  }

  @Test
  void hasNoIntervalOfOneRun() {
    // given
    Sweep sweep = sweep("repeat: 5\n");
    // when
    Map<String, String> cells = onlyLine(sweep, List.of(row(sweep, 0, Outcome.SUCCEEDED, 100)));
    // then
    assertThat(cells)
        .containsEntry("output_tokens_per_s_mean", "100")
        .containsEntry("output_tokens_per_s_low", "")
        .containsEntry("output_tokens_per_s_high", "")
        .containsEntry("noisy", "");
  }

  @Test
  void isWrittenWithTheResultsOfBatchesWithRepeatsOrVariants() throws IOException {
    for (String config : List.of("repeat: 2\n", "variants: {a: {}, b: {streaming: true}}\n")) {
      assertThat(written(sweep(config)))
          .as(config)
          .containsExactly("results.csv", "groups.csv", "summary.json");
    }
    assertThat(written(sweep("sweeps: {concurrency: [1, 2]}\n")))
        .containsExactly("results.csv", "summary.json");
  }

  private List<String> written(Sweep sweep) throws IOException {
    List<String> names = new ArrayList<>();
    BatchResults results = new BatchResults(sweep);
    results.put(row(sweep, 0));
    new ResultWriter((file, bytes) -> names.add(Files.write(file, bytes).getFileName().toString()))
        .write(folder, results, Rows.summary(results));
    return names;
  }

  private static Map<String, String> onlyLine(Sweep sweep, List<ResultRow> rows) {
    GroupsCsv table = new GroupsCsv(sweep);
    String[] lines = new String(table.bytes(rows), StandardCharsets.UTF_8).split("\n");
    assertThat(lines).hasSize(2);
    String[] cells = lines[1].split(",", -1);
    Map<String, String> byColumn = new HashMap<>();
    for (int at = 0; at < cells.length; at++) {
      byColumn.put(table.columns().get(at), cells[at]);
    }
    return byColumn;
  }

  private static Sweep sweep(String sections) {
    return new Sweep(FixedRules.read(FixedRules.BASE + sections));
  }

  /** Values that spread by 1 % of the mean in the first variant and by 10 % in the second. */
  private static ResultRow row(Sweep sweep, int index) {
    boolean isNoisy = sweep.place(index).variant().equals("after");
    double step = (isNoisy ? 10 : 1) * (sweep.place(index).repeat() - 2);
    return row(sweep, index, Outcome.SUCCEEDED, 100 + step);
  }

  private static ResultRow row(Sweep sweep, int index, Outcome outcome, double tokens) {
    Map<Metric, Double> values =
        Map.of(
            Metric.TOKENS_PER_SECOND,
            tokens,
            Metric.TTFT_P50,
            tokens / 2,
            Metric.TTFT_P99,
            tokens * 2);
    return new ResultRow(
        index,
        sweep.folder(index),
        sweep.place(index),
        new ArrayList<>(sweep.values(index).values()),
        outcome,
        "",
        "",
        1,
        List.of(),
        new Metrics<>(Metric.class, metric -> value(values.getOrDefault(metric, Double.NaN))),
        "",
        "");
  }

  private static OptionalDouble value(double value) {
    return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
