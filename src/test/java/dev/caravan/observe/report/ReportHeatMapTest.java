package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of two keys in a real Chromium. */
class ReportHeatMapTest {

  private static final CheckResults BUFFERED =
      new CheckResults(
          List.of(new Finding("stream", Level.WARNING, 99, 90, "streams arrive in one piece", "")),
          List.of("stream"),
          Map.of(),
          Map.of());

  @TempDir private Path folder;
  private Browser browser;

  @BeforeEach
  void start() {
    assumeTrue(Browser.program().isPresent(), "no Chromium here: the report was not drawn");
    browser = Browser.start();
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.close();
    }
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
    Path page = folder.resolve("report.html");
    Files.writeString(
        page,
        new ReportPage().html(new Reporter(new BatchReader()).report(List.of(batch.folder()))));
    browser.open(page.toUri().toString());
    browser.await("#plot-b0-heat td");
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
}
