package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Statistic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checks on short real runs, with a fault planted in the service and without. */
class RecordedRunsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "errors, degraded errors",
    "wedge, degraded unanswered",
    "reply-x10, warning lengths",
    "truncate, warning lengths",
    "blocked, invalid replies",
    "refuse, warning replies",
    "cache, warning cache",
    "rate, degraded load",
    "crowd, invalid load",
    "crowd, degraded client",
    "silence, degraded stall",
    "one-chunk, warning stream",
    "usage-named, warning tokens",
    "restart, degraded errors",
    "others, warning alone",
    "llama-others, warning alone",
    "drift, warning steady",
  })
  void callsOutAPlantedFault(String run, String alarm) throws IOException {
    assertThat(RecordedRun.of(run, folder).alarms()).contains(alarm);
  }

  @ParameterizedTest
  @CsvSource({
    "burst, burst, 'the p99 of the time to first token is '",
    "repeats, cache, 'requests sent 10 different prompts'",
    "usage, tokens, 'the service counts 42 tokens per reply, aiperf 32 (a difference of 31.3 %)'",
    "drift, steady, 'the median latency rises from 358 ms to 460 ms within the run'",
    "clean, samples, '51 requests are too few for a p99, which needs 368'",
  })
  void notesWhatToReadFirst(String run, String id, String message) throws IOException {
    assertThat(RecordedRun.of(run, folder).check().findings())
        .filteredOn(finding -> finding.id().equals(id))
        .singleElement()
        .extracting(Finding::message)
        .asString()
        .contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clean",
        "demo-1",
        "demo-8",
        "demo-16",
        "cache-busted",
        "repeats",
        "ramp",
        "burst",
        "poisson",
        "constant",
        "multi-turn",
        "system-prompt",
        "short",
        "long-prompts",
        "replicas",
        "natural",
        "llama",
      })
  void isSilentAboveNotesOnHonestWork(String run) throws IOException {
    assertThat(RecordedRun.of(run, folder).alarms()).isEmpty();
  }

  @Test
  void aRunWithARampHasNoBurst() throws IOException {
    assertThat(RecordedRun.of("ramp", folder).check().findings())
        .extracting(Finding::id)
        .doesNotContain("burst");
  }

  /** The same service as the advice wants it: sound, with fewer clients, or loaded more slowly. */
  @ParameterizedTest
  @CsvSource({
    "errors, errors, clean",
    "restart, errors, clean",
    "wedge, unanswered, clean",
    "one-chunk, stream, clean",
    "silence, stall, clean",
    "others, alone, clean",
    "llama-others, alone, llama",
    "truncate, lengths, clean",
    "crowd, load, demo-16",
    "crowd, client, demo-16",
    "rate, load, constant",
    "drift, steady, demo-16",
    "burst, burst, ramp",
  })
  void adviceInWordsSilencesTheCheck(String planted, String id, String advised) throws IOException {
    // given
    Path before = Files.createDirectory(folder.resolve("before"));
    Path after = Files.createDirectory(folder.resolve("after"));

    // when
    CheckResults found = RecordedRun.of(planted, before).check();
    CheckResults silent = RecordedRun.of(advised, after).check();

    // then
    assertThat(found.findings())
        .filteredOn(finding -> finding.id().equals(id))
        .singleElement()
        .extracting(Finding::advice)
        .asString()
        .isNotBlank();
    assertThat(silent.checked()).contains(id);
    assertThat(silent.findings()).extracting(Finding::id).doesNotContain(id);
  }

  @Test
  void adviceOnTheCacheSilencesTheCheck() throws IOException {
    // given
    RecordedRun busted = RecordedRun.of("cache-busted", folder);

    // then
    assertThat(busted.check().findings()).extracting(Finding::id).doesNotContain("cache");
    assertThat(busted.check().checked()).contains("cache");
  }

  @Test
  void aPrefixCacheThatIsAskedForIsNoFinding() throws IOException {
    // when
    Map<String, String> unchecked =
        RecordedRun.of("cache", folder).with("prompt_prefix_length", 50L).check().unchecked();

    // then
    assertThat(unchecked).containsKey("cache");
  }

  @Test
  void shortEqualRepliesToADatasetAreNoMoreThanAWarning() throws IOException {
    // given
    RecordedRun blocked = RecordedRun.of("blocked", folder).with("input_file", "prompts.jsonl");

    // then
    assertThat(blocked.alarms()).contains("warning replies");
  }

  @Test
  void repliesThatStopWhereTheModelWantsAreNoFindingWithoutARequestedLength() throws IOException {
    // given
    RecordedRun natural = RecordedRun.of("natural", folder);

    // then
    assertThat(natural.check().unchecked())
        .containsEntry("lengths", "prompt_output_tokens_mean is not set")
        .containsEntry("replies", "prompt_output_tokens_mean is not set");
  }

  @Test
  void tellsHowItGotToTheFigure() throws IOException {
    // when
    List<Finding> findings = RecordedRun.of("wedge", folder).check().findings();

    // then
    assertThat(findings.get(0).message())
        .isEqualTo("4 of 42 requests got no answer before the run ended (9.52 %)");
    assertThat(findings.get(0).threshold()).isZero();
    assertThat(findings.get(0).advice()).contains("benchmark_grace_period");
  }

  @ParameterizedTest
  @CsvSource({
    "cache, PREFIX_HITS, 10, 100",
    "cache-busted, PREFIX_HITS, 0, 1",
    "repeats, DISTINCT_PROMPTS, 10, 10",
  })
  void countsWhatItsMetricsDoNot(String run, Statistic statistic, double low, double high)
      throws IOException {
    assertThat(RecordedRun.of(run, folder).check().get(statistic).orElseThrow())
        .isBetween(low, high);
  }

  @Test
  void givesNoIntervalOfAP99OfTooFewRequests() throws IOException {
    assertThat(RecordedRun.of("clean", folder).check().get(Statistic.TTFT_P99_LOW)).isEmpty();
  }

  @Test
  void givesAnIntervalAroundTheP99ThatAiperfReports() throws IOException {
    // when
    RecordedRun run = RecordedRun.of("crowd", folder);
    // then
    double ttft = run.evidence().summary().get("time_to_first_token", "p99").orElseThrow();
    double latency = run.evidence().summary().get("request_latency", "p99").orElseThrow();
    assertThat(ttft)
        .isBetween(value(run, Statistic.TTFT_P99_LOW), value(run, Statistic.TTFT_P99_HIGH));
    assertThat(latency)
        .isBetween(value(run, Statistic.LATENCY_P99_LOW), value(run, Statistic.LATENCY_P99_HIGH));
  }

  private static double value(RecordedRun run, Statistic statistic) {
    return run.check().get(statistic).orElseThrow();
  }

  @Test
  void hasNoTimesOfTokensThatArriveTogether() throws IOException {
    // given
    RecordedRun run = RecordedRun.of("one-chunk", folder);
    AiperfExport export = AiperfExport.read(folder).export().orElseThrow();
    // then
    assertThat(Metric.TTFT_P99.from(export)).isPresent();
    assertThat(Metric.TTFT_P99.from(export, run.check())).isEmpty();
    assertThat(Metric.ITL_P50.from(export, run.check())).isEmpty();
    assertThat(Metric.LATENCY_P99.from(export, run.check())).isPresent();
  }
}
