package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchResultsTest {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-11-24T14:02:54+01:00");

  @TempDir Path folder;

  private final BatchResults results = Rows.noRows();

  @Test
  void countsByOutcomeAndByCategory() {
    // given
    int index = 0;
    for (Outcome outcome : Outcome.values()) {
      results.put(Rows.withoutMetrics(index++, outcome, ""));
    }
    // then
    OutcomeCounts counters = results.counters();
    assertThat(counters.of(Outcome.Counts.COMPLETED)).isEqualTo(2);
    assertThat(counters.of(Outcome.Counts.FAILED)).isEqualTo(4);
    assertThat(counters.of(Outcome.Counts.NEITHER)).isEqualTo(1);
    assertThat(counters.ended()).isEqualTo(7);
  }

  @Test
  void countsARunOnceHoweverOftenItIsAdded() {
    // when
    results.put(Rows.withoutMetrics(0, Outcome.FAILED, "target_lost"));
    results.put(Rows.withoutMetrics(0, Outcome.FAILED, "target_lost"));
    results.put(Rows.withoutMetrics(0, Outcome.SUCCEEDED, ""));
    // then
    assertThat(results.counters().ended()).isEqualTo(1);
    assertThat(results.counters().of(Outcome.SUCCEEDED)).isEqualTo(1);
    assertThat(results.counters().of(Outcome.FAILED)).isZero();
  }

  @Test
  void keepsRunOrderWhateverOrderRunsEndIn() {
    // when
    IntStream.of(5, 0, 3).forEach(i -> results.put(Rows.withoutMetrics(i, Outcome.SUCCEEDED, "")));
    // then
    assertThat(results.rows()).extracting(ResultRow::runIndex).containsExactly(0, 3, 5);
  }

  @Test
  void writesTheSummaryOfABatch() throws IOException {
    // given
    results.put(Rows.withoutMetrics(0, Outcome.SUCCEEDED, ""));
    results.put(Rows.withoutMetrics(1, Outcome.DEGRADED, "", "1 of 2 requests failed"));
    results.put(Rows.withoutMetrics(2, Outcome.UNHEALTHY, ""));
    // when
    JsonNode json = new ObjectMapper().readTree(summary(Optional.empty()).json());
    // then
    List<String> names = new ArrayList<>();
    json.fieldNames().forEachRemaining(names::add);
    assertThat(names).startsWith("schema", "batch_id", "total", "completed", "failed", "neither");
    assertThat(names).endsWith("started_at", "finished_at");
    assertThat(json.get("total").asInt()).isEqualTo(4);
    assertThat(json.get("completed").asInt()).isEqualTo(2);
    assertThat(json.get("outcomes").get("unhealthy").asInt()).isEqualTo(1);
    assertThat(json.get("degraded").get(0).asText()).isEqualTo("run1");
    assertThat(json.get("finished_at").isNull()).isTrue();
  }

  @Test
  void listsOnlyTheFirstDegradedRuns() {
    // given
    IntStream.range(0, 150).forEach(i -> results.put(Rows.withoutMetrics(i, Outcome.DEGRADED, "")));
    // when
    BatchSummary summary = summary(Optional.empty());
    // then
    assertThat(summary.degraded()).hasSize(100).startsWith("run0", "run1");
    assertThat(summary.counters().of(Outcome.DEGRADED)).isEqualTo(150);
  }

  @Test
  void readsBackItsSummary() throws IOException {
    // given
    results.put(Rows.withoutMetrics(0, Outcome.DEGRADED, ""));
    Path file = folder.resolve("summary.json");
    // when
    new ResultWriter(Files::write).write(folder, results, summary(Optional.of(START.plusDays(1))));
    // then
    BatchSummary read = BatchSummary.read(file).orElseThrow();
    assertThat(read.counters().of(Outcome.DEGRADED)).isEqualTo(1);
    assertThat(read.finishedAt()).contains(START.plusDays(1));
    assertThat(read.total()).isEqualTo(4);
  }

  @Test
  void countsRunsByWhatTheChecksFound() throws IOException {
    // given
    results.put(checked(0, Level.WARNING));
    results.put(checked(1, Level.NOTE));
    results.put(checked(2, Level.WARNING));
    results.put(checked(2, Level.INVALID)); // it ran again
    // when
    new ResultWriter(Files::write).write(folder, results, summary(Optional.empty()));
    // then
    BatchSummary read = BatchSummary.read(folder.resolve("summary.json")).orElseThrow();
    assertThat(read.findings().of(Level.NOTE)).isEqualTo(3);
    assertThat(read.findings().of(Level.WARNING)).isEqualTo(2);
    assertThat(read.findings().found())
        .containsExactly(new FindingCounts.Found("cache", Level.INVALID, 3));
  }

  private static ResultRow checked(int index, Level level) {
    Finding finding = new Finding("cache", level, 1, 2, "…", "");
    CheckResults checks = new CheckResults(List.of(finding), List.of("cache"), Map.of(), Map.of());
    return Rows.checked(index, Map.of(), "succeeded", checks);
  }

  @Test
  void readsNoSummaryFromATruncatedFile() throws IOException {
    // given
    byte[] json = summary(Optional.empty()).json();
    Path file = folder.resolve("summary.json");
    Files.write(file, java.util.Arrays.copyOf(json, json.length / 2));
    // then
    assertThat(BatchSummary.read(file)).isEmpty();
    assertThat(BatchSummary.read(folder.resolve("none"))).isEmpty();
  }

  @Test
  void writesTheTableBeforeTheSummary() throws IOException {
    // given
    List<String> written = new ArrayList<>();
    ResultWriter writer =
        new ResultWriter((file, bytes) -> written.add(file.getFileName().toString()));
    // when
    writer.write(folder, results, summary(Optional.empty()));
    // then
    assertThat(written).containsExactly("results.csv", "summary.json");
  }

  private BatchSummary summary(Optional<OffsetDateTime> finished) {
    return BatchSummary.of("b/20261124_140254", 4, results, START, finished);
  }
}
