package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Parameters;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import dev.caravan.testing.Golden;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of the JSON files of results, which other programs read. */
class ResultFormatTest {

  private static final OffsetDateTime NOON = OffsetDateTime.parse("2026-11-24T12:00+01:00");

  @TempDir private Path folder;

  @Test
  void writesAnAttemptThatWasNotChecked() {
    ProcessResult result =
        new ProcessResult(
            head(Outcome.TIMED_OUT, Optional.of(NOON.plusSeconds(90)), CheckResults.NONE),
            List.of("/opt/aiperf", "profile"),
            List.of("aiperf", "profile", "--api-key", "$NVIDIA_API_KEY"),
            new ReturnCodes(OptionalInt.of(-2), OptionalInt.of(0)),
            "out\n",
            "é");

    Golden.assertText("pipeline/outcome/process_result.json", text(result.json()));
  }

  @Test
  void writesAndReadsWhatTheChecksFound() throws IOException {
    Finding cache = new Finding("cache", Level.WARNING, 61.65449, 10, "61.7 of 100 …", "a: b");
    Finding steady = new Finding("steady", Level.NOTE, Double.NaN, 0.25, "not steady", "");
    Map<String, String> unchecked = new LinkedHashMap<>();
    unchecked.put("tokens", "too few");
    unchecked.put("clock", "no log");
    CheckResults checks =
        new CheckResults(
            List.of(cache, steady),
            List.of("errors", "cache", "steady"),
            unchecked,
            Map.of(Statistic.PREFIX_HITS, 12.34567, Statistic.TTFT_P99_LOW, 25.0));
    ProcessResult result =
        new ProcessResult(
            head(Outcome.SUCCEEDED, Optional.empty(), checks),
            List.of(),
            List.of(),
            ReturnCodes.NONE,
            "",
            "");

    Golden.assertText("pipeline/outcome/process_result_checked.json", text(result.json()));

    Path file = Files.write(folder.resolve("process_result.json"), result.json());
    CheckResults read = ProcessResult.head(file).orElseThrow().checks();
    assertThat(read.findings()).extracting(Finding::value).containsExactly(61.654, Double.NaN);
    assertThat(read.checked()).isEqualTo(checks.checked());
    assertThat(read.unchecked()).isEqualTo(unchecked);
    assertThat(read.get(Statistic.PREFIX_HITS)).hasValue(12.346);
  }

  @Test
  void writesAndReadsASummary() throws IOException {
    BatchResults results = Rows.noRows();
    results.put(Rows.withoutMetrics(0, Outcome.SUCCEEDED, ""));
    results.put(Rows.withoutMetrics(1, Outcome.DEGRADED, ""));
    results.put(Rows.withoutMetrics(2, Outcome.INVALID, "cache"));
    BatchSummary open = BatchSummary.of("b/1", 4, results, NOON, Optional.empty());
    BatchSummary finished =
        BatchSummary.of("b/1", 4, results, NOON, Optional.of(NOON.plusNanos(1_250_000_000)));

    Golden.assertText("pipeline/outcome/summary_open.json", text(open.json()));
    Golden.assertText("pipeline/outcome/summary.json", text(finished.json()));

    Path file = Files.write(folder.resolve("summary.json"), finished.json());
    BatchSummary read = BatchSummary.read(file).orElseThrow();
    assertThat(read.counters().of(Outcome.INVALID)).isEqualTo(1);
    assertThat(read.finishedAt()).isEqualTo(finished.finishedAt());
    assertThat(text(read.json())).isEqualTo(text(finished.json()));
    assertThat(BatchSummary.read(Files.write(file, open.json())).orElseThrow().finishedAt())
        .isEmpty();
  }

  @Test
  void readsNoSummaryThatIsNone() throws IOException {
    BatchSummary summary = BatchSummary.of("b/1", 1, Rows.noRows(), NOON, Optional.empty());
    String json = text(summary.json());
    for (String other :
        List.of(
            "",
            "[]",
            "null",
            "{}",
            json.replace("\"batch_id\"", "\"id\""),
            json.replace("\"total\"", "\"all\""),
            json.replace("\"outcomes\"", "\"results\""),
            json.replace("\"degraded\" : [", "\"folders\" : ["),
            json.replace("\"timed_out\"", "\"strange\""),
            json.replace("\"started_at\"", "\"started\""),
            json.replace("2026-11-24T12:00:00.000+01:00", "noon"))) {
      Path file = Files.writeString(folder.resolve("summary.json"), other);
      assertThat(BatchSummary.read(file)).as(other).isEmpty();
    }
  }

  @Test
  void writesWhatIsRun() {
    Golden.assertText(
        "pipeline/outcome/run_metadata.json",
        text(metadata(Map.of(), "", Optional.empty()).json()));
    Golden.assertText(
        "pipeline/outcome/run_metadata_worker.json",
        text(
            metadata(Map.of("concurrency", 4L), "w-1", Optional.of(Duration.ofMillis(8_050)))
                .json()));
  }

  private static RunMetadata metadata(
      Map<String, Object> sweep, String worker, Optional<Duration> duration) {
    Map<String, Object> base = new LinkedHashMap<>();
    base.put("model", "m");
    base.put("url", "http://h");
    base.put("concurrency", 1L);
    Map<String, Object> merged = new LinkedHashMap<>(base);
    merged.putAll(sweep);
    return new RunMetadata(
        0,
        LocalDateTime.parse("2026-11-24T12:00:00.123456789"),
        "sweep.yaml",
        sweep,
        new Parameters(base),
        List.of("model", "tokenizer", "url", "concurrency"),
        "aiperf profile --model m --api-key $NVIDIA_API_KEY",
        "b/20261124_120000",
        "b/20261124_120000/concurrency4",
        "concurrency4",
        new Parameters(merged),
        Map.of("gpu", "H100"),
        Place.UNKNOWN,
        1,
        "0.13.0",
        "0.1.0",
        "bench-1",
        worker,
        duration);
  }

  private static Head head(
      Outcome outcome, Optional<OffsetDateTime> nextAttemptAt, CheckResults checks) {
    return new Head(
        outcome,
        outcome == Outcome.SUCCEEDED ? "" : "target_lost",
        List.of("for this test"),
        2,
        nextAttemptAt.isEmpty(),
        nextAttemptAt,
        NOON,
        NOON.plusNanos(10_250_999_999L),
        Duration.ofMillis(10_250),
        "0.13.0",
        checks);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }
}
