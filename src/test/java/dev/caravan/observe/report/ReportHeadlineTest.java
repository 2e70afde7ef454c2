package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.testing.Browser;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The tiles, limits and heat map of a report in a real Chromium, and what a row opens. */
class ReportHeadlineTest {

  private static final String REQUEST =
      "{\"metadata\":{\"request_start_ns\":%d,\"request_end_ns\":%d,\"benchmark_phase\":\"profiling\"},"
          + "\"metrics\":{\"time_to_first_token\":{\"value\":5},\"request_latency\":{\"value\":%d}}}\n";

  private static final CheckResults BUFFERED =
      new CheckResults(
          List.of(new Finding("stream", Level.WARNING, 99, 90, "streams arrive in one piece", "")),
          List.of("stream"),
          Map.of(),
          Map.of());

  @RegisterExtension static final ReportInChromium REPORT = new ReportInChromium();

  @TempDir private Path folder;
  private Browser browser;

  @BeforeEach
  void prepare() {
    browser = REPORT.browser();
  }

  @Test
  void beginsWithPeakBestWithinLimitsKneeAndProblemsAndOpensRuns() throws IOException {
    // given
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4, 8, 16]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 190, 60);
    tree.succeeded(batch.run(2), 350, 80);
    tree.succeeded(batch.run(3), 400, 600);
    tree.ended(batch.run(4), Outcome.FAILED, "crashed", "it broke");
    for (int run = 0; run < 2; run++) {
      SampleTree.write(
          batch.run(run).folder().resolve("profile_export.jsonl"),
          IntStream.rangeClosed(0, run)
              .mapToObj(at -> REQUEST.formatted(1_000_000_000L, 1_009_000_000L, 9 + 11 * at))
              .collect(Collectors.joining()));
    }

    // when
    REPORT.open(folder, List.of(batch.folder()), ".cv-tile");

    // then
    assertThat(tiles())
        .containsExactly(
            "Peak throughput: 400 tokens/s: at concurrency 8 · n = 1,000 requests",
            "Best within limits: 350 tokens/s: at concurrency 4 · n = 1,000 requests · TTFT p99 ≤ 500 ms",
            "Knee: concurrency 4: 35 req/s, Latency p99 800 ms",
            "Errors and findings: 1 of 5 runs failed: 0 of 4,000 requests of the other runs failed");

    // when: latency is limited, too
    browser.script(
        "const input = document.getElementById('limit-request_latency_ms_p99');"
            + "input.value = 600.25; input.dispatchEvent(new Event('input'));");

    // then
    assertThat(tiles().get(1))
        .contains("190 tokens/s", "TTFT p99 ≤ 500 ms, Latency p99 ≤ 600.25 ms");
    assertThat(browser.all(".cv-answer").get(0).getText())
        .isEqualTo(
            "highest concurrency with TTFT p99 ≤ 500 ms, Latency p99 ≤ 600.25 ms: 2 (190 tokens/s)");

    // when
    browser.click(".cv-runs tbody tr:nth-of-type(2) .cv-link");

    // then
    browser.awaitText("n = 2 measured");
    browser.script("document.querySelector('#plot-timeline .cv-data').open = true");
    browser.await("#plot-timeline .cv-data td");
    assertThat(browser.all("#plot-timeline .cv-data").get(0).getText())
        .as("the median of 9 and 20 ms")
        .contains("median latency (ms) 0 14.5");
    assertThat(browser.consoleWarnings()).isEmpty();
    assertThat(browser.accessibilityViolations()).isEmpty();
  }

  private List<String> tiles() {
    return browser.all(".cv-tile").stream()
        .map(tile -> tile.getText().replaceAll("\\s*\n\\s*", ": "))
        .toList();
  }

  @Test
  void saysThatDegradedPointsAreNotCountedWhereNoOtherKeepsTheLimits() throws IOException {
    // given: one keeps the limit, but is degraded
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "concurrency: [1, 2]", "");
    tree.checked(batch.run(0), Outcome.DEGRADED, CheckResults.NONE, 100, 50);
    tree.succeeded(batch.run(1), 190, 600);

    // when
    REPORT.open(folder, List.of(batch.folder()), ".cv-tile");

    // then
    assertThat(tiles().get(1))
        .isEqualTo(
            "Best within limits: none: no point meets TTFT p99 ≤ 500 ms (degraded points do not"
                + " count)");
    assertThat(browser.text()).contains("○ degraded");
  }

  @Test
  void tellsARunWithoutAMetricFromOneThatFailed() throws IOException {
    // given: a run succeeded, but its time to first token means nothing
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "concurrency: [1, 2], model: [large, small]", "");
    tree.succeeded(batch.run(0), 0.0167, 50);
    tree.succeeded(batch.run(1), 100, 50);
    tree.checked(batch.run(2), Outcome.SUCCEEDED, BUFFERED, 190, 60);
    tree.ended(batch.run(3), Outcome.FAILED, "crashed", "it broke");
    REPORT.open(folder, List.of(batch.folder()), "#plot-b0-heat td");
    assertThat(browser.all("#plot-b0-heat td").get(0).getText()).isEqualTo("0.0167");

    // when
    browser.script(
        "const select = document.querySelector('#plot-b0-heat select');"
            + "select.value = 'ttft_ms_p99'; select.dispatchEvent(new Event('change'));");

    // then
    assertThat(browser.all("#plot-b0-heat td"))
        .extracting(cell -> cell.getText().strip())
        .containsExactly("50", "50", "– !", "✕");
    assertThat(browser.all("#plot-b0-heat td").get(2).getDomAttribute("title"))
        .startsWith("no value\n! stream: streams arrive in one piece");
  }

  @Test
  void namesTheHighestOfRatesOneOfWhichHasNoLimit() throws IOException {
    // given
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "request_rate: [inf, 2, 10]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 300, 60);
    tree.succeeded(batch.run(2), 200, 70);

    // when
    REPORT.open(folder, List.of(batch.folder()), ".cv-answer span");

    // then
    assertThat(browser.all(".cv-answer").get(0).getText())
        .isEqualTo("highest request_rate with TTFT p99 ≤ 500 ms: inf (100 tokens/s)");
    assertThat(browser.consoleWarnings()).isEmpty();
  }

  @Test
  void countsTheRequestsOfRepeatsInWholeNumbers() throws IOException {
    // given: 1,000 and 1,003 requests at the lower load, 1,000 in each run at the higher one
    SampleTree tree = new SampleTree(folder);
    Batch batch =
        tree.batch(
            "batch_name: b\n" + FixedRules.BASE + "sweeps: {concurrency: [1, 2]}\nrepeat: 2\n");
    for (int run = 0; run < 4; run++) {
      tree.succeeded(batch.run(run), 100 + run, 50);
    }
    Path export = batch.run(0).folder().resolve("profile_export_aiperf.json");
    Files.writeString(export, Files.readString(export).replace("\"avg\": 1000}", "\"avg\": 1003}"));

    // when
    REPORT.open(folder, List.of(batch.folder()), "[data-caravan-report] canvas");

    // then
    assertThat(browser.all(".cv-plot .cv-note"))
        .extracting(note -> note.getText())
        .filteredOn(text -> text.startsWith("n ="))
        .isNotEmpty()
        .allSatisfy(text -> assertThat(text).startsWith("n = 1,000 to 1,002 requests per run."));
  }

  @Test
  void showsCharactersThatTurnATextInsteadOfObeyingThem() throws IOException {
    // given
    SampleTree tree = new SampleTree(folder);
    List<Path> folders = new ArrayList<>();
    for (String commit : List.of("a\\u202Eb", "c\\u2067d", "plain", "\u05d0\u05d1")) {
      Batch batch =
          tree.batch("b" + folders.size(), "concurrency: [1, 2]", "commit: \"" + commit + "\"");
      tree.succeeded(batch.run(0), 100, 50);
      tree.succeeded(batch.run(1), 190, 60);
      folders.add(batch.folder());
    }

    // when
    REPORT.open(folder, folders, "[data-caravan-report] canvas");

    // then
    assertThat(browser.all(".cv-batches tbody tr > :last-child"))
        .extracting(cell -> cell.getText())
        .contains("commit=a\\u202eb", "commit=c\\u2067d", "commit=plain", "commit=\u05d0\u05d1");
    assertThat(browser.script("return document.querySelector('main').outerHTML").toString())
        .doesNotContainPattern("[\\u202e\\u2067]");
    assertThat(browser.all("[data-caravan-report]").get(0).getText()).contains("a\\u202eb");
  }
}
