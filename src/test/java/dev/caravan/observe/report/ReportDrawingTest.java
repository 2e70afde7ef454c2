package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.testing.Browser;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** What a report shows once its script has run, in a real Chromium. */
class ReportDrawingTest {

  private static final String NOT_FOUND =
      "{\"metadata\":{\"request_start_ns\":%d,\"request_end_ns\":%d,\"benchmark_phase\":\"profiling\"},"
          + "\"metrics\":{},\"error\":{\"code\":404,\"type\":\"Not Found\"}}\n";

  @RegisterExtension static final ReportInChromium REPORT = new ReportInChromium();

  @TempDir private Path folder;
  private Browser browser;
  private SampleTree tree;

  @BeforeEach
  void prepare() throws IOException {
    tree = new SampleTree(folder);
    browser = REPORT.browser();
    browser.emulate("light", 1440);
  }

  @Test
  void countsTheErrorsOfARunWithoutAnswersInPlaceOfEmptyPlots() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1]", "");
    tree.ended(batch.run(0), Outcome.FAILED, "all_requests_failed", "all 440 requests failed");
    StringBuilder log = new StringBuilder();
    for (long i = 1; i <= 440; i++) {
      log.append(NOT_FOUND.formatted(i * 1_000_000, i * 1_000_000 + 500_000));
    }
    SampleTree.write(batch.run(0).folder().resolve("profile_export.jsonl"), log.toString());

    // when
    open(batch);

    // then
    assertThat(browser.text()).contains("No answers: 440 × 404.");
    assertThat(browser.all("canvas")).isEmpty();
  }

  @Test
  void tellsAFailureOnceAndOfHowManyRequestsPercentilesAre() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4, 8]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 190, 60);
    export(batch.run(1), 10);
    tree.ended(batch.run(2), Outcome.FAILED, "crashed", "the service went away");
    tree.ended(batch.run(3), Outcome.FAILED, "crashed", "the service went away");

    // when
    open(batch);

    // then
    assertThat(browser.all("canvas")).hasSizeGreaterThan(3);
    assertThat(browser.all(".cv-outcomes li"))
        .extracting(item -> item.getText())
        .containsExactly(
            "✕ No data, failed: crashed: the service went away (2): concurrency 4; concurrency 8");
    assertThat(browser.all(".cv-plot .cv-note"))
        .filteredOn(note -> note.getText().contains("went away"))
        .isEmpty();
    assertThat(browser.all("#plot-b0-first .cv-note").get(0).getText())
        .contains("n = 10 to 1,000 requests per run", "a TTFT p99 needs 368");
  }

  @Test
  void alignsDecimalsAndShowsErrorsWithoutScrolling() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4]", "");
    tree.succeeded(batch.run(0), 9.123, 1234.5);
    tree.succeeded(batch.run(1), 99.5, 60);
    tree.succeeded(batch.run(2), 100, 6.25);

    // when
    open(batch);

    // then
    for (int column : new int[] {4, 5, 6}) {
      List<Integer> decimals = new ArrayList<>();
      browser
          .all(".cv-sheet tbody tr > :nth-child(" + column + ")")
          .forEach(cell -> decimals.add(cell.getText().replaceFirst("^[^.]*", "").length()));
      assertThat(decimals).as("column " + column).hasSize(3).containsOnly(decimals.get(0));
    }
    assertThat(browser.all(".cv-sheet th button"))
        .extracting(head -> head.getText())
        .startsWith("Outcome", "concurrency", "Requests", "Errors");
  }

  @Test
  void fitsANarrowScreenInBothThemes() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2], model: [large, small]", "");
    for (int run = 0; run < 4; run++) {
      tree.succeeded(batch.run(run), 100 + run, 50 + run);
    }
    SampleTree.write(
        batch.run(0).folder().resolve("profile_export.jsonl"),
        NOT_FOUND.formatted(1_000_000, 2_000_000));

    for (String colours : new String[] {"light", "dark"}) {
      // when
      browser.emulate(colours, 360);
      open(batch);

      // then
      assertThat(browser.overflow()).as(colours).isLessThanOrEqualTo(0);
      assertThat(browser.accessibilityViolations()).as(colours).isEmpty();
      assertThat(browser.consoleWarnings()).isEmpty();
    }
  }

  @Test
  void namesTheBestWordAndDrawsNoLineBetweenWords() throws IOException {
    // given
    Batch batch = tree.batch("b", "model: [large, small]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.succeeded(batch.run(1), 200, 60);

    // when
    open(batch);

    // then
    assertThat(browser.all(".cv-answer").get(0).getText())
        .isEqualTo("best with TTFT p99 ≤ 500 ms: small (200 tokens/s)");
  }

  @Test
  void drawsThirtyBatchesAsOnePlotWithAListOfBatches() throws IOException {
    // given
    List<Path> folders = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Batch batch = tree.batch("b" + i, "concurrency: [1, 2, 4]", "commit: c" + i);
      for (int run = 0; run < 3; run++) {
        tree.succeeded(batch.run(run), 100 + run * 50 + i, 50 + run);
      }
      folders.add(batch.folder());
    }

    // when
    open(folders);

    // then
    assertThat(browser.all(".cv-batches tbody tr")).hasSize(30);
    assertThat((Long) browser.script("return document.documentElement.scrollHeight"))
        .isLessThan(9000);
    assertThat(browser.all("#plot-all-0 .cv-legend li")).hasSize(30);
    browser.click(".cv-view summary");
    browser.click(".cv-view li input");
    assertThat(browser.all("#plot-all-0 .cv-note").get(0).getText()).contains("1 of 30 lines");
    browser.click(".cv-batch summary");
    browser.await(".cv-batch[open] canvas");
    assertThat(browser.accessibilityViolations()).isEmpty();
  }

  @Test
  void hasTheValuesOfEachPlotAsATable() throws IOException {
    // given
    Batch batch = tree.batch("b", "concurrency: [1, 2], model: [large, small]", "");
    for (int run = 0; run < 4; run++) {
      tree.succeeded(batch.run(run), 100 + run, 50 + run);
    }

    // when
    open(batch);
    browser.script("document.querySelectorAll('.cv-data').forEach(e => { e.open = true; })");

    // then: each is filled when the browser tells that it is open
    await()
        .untilAsserted(
            () ->
                assertThat(browser.all("figure.cv-plot:has(canvas)"))
                    .isNotEmpty()
                    .allSatisfy(
                        plot ->
                            assertThat(plot.findElements(By.cssSelector(".cv-data tr")))
                                .hasSizeGreaterThan(1)));
    assertThat(browser.all("#plot-b0-first .cv-data").get(0).getText())
        .contains("model large", "concurrency 2", "102");
  }

  @Test
  void printsWithoutHalfEmptyPages() throws IOException {
    // given: plots and a table that fill two pages
    Batch batch = tree.batch("b", "concurrency: [1, 2, 4, 8], random_seed: [1, 2, 3]", "");
    for (int run = 0; run < 12; run++) {
      tree.succeeded(batch.run(run), 100 + run * 30, 50 + run * 7);
    }

    // when
    open(batch);

    // then
    assertThat(browser.printedPages()).isEqualTo(2);
  }

  private static void export(Run run, int requests) throws IOException {
    Path export = run.folder().resolve("profile_export_aiperf.json");
    Files.writeString(
        export, Files.readString(export).replace("\"avg\": 1000}", "\"avg\": " + requests + "}"));
  }

  private void open(Batch batch) throws IOException {
    open(List.of(batch.folder()));
  }

  private void open(List<Path> folders) throws IOException {
    REPORT.open(folder, folders, "[data-caravan-report] > *");
  }
}
