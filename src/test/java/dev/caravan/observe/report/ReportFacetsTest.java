package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.testing.Browser;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which keys of three are the axis, the lines and the plots, in a real Chromium. */
class ReportFacetsTest {

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
  void drawsThreeKeysAsLinesAndFacetsThatTheReaderChooses() throws IOException {
    // given
    Batch batch =
        tree.batch(
            "b",
            "prompt_input_tokens_mean: [128, 1024], prompt_output_tokens_mean: [16, 32, 64, 128,"
                + " 256, 512, 1024], concurrency: [1, 2, 4]",
            "");
    for (int run = 0; run < batch.size(); run++) {
      tree.succeeded(batch.run(run), 100 + run, 50 + run);
    }

    // when
    open(batch);

    // then
    String first = "#plot-b0-first ";
    assertThat(browser.all(first + ".cv-panel-title"))
        .extracting(title -> title.getText())
        .containsExactly("ISL 128", "ISL 1,024");
    assertThat(browser.all(first + ".cv-legend li")).hasSize(7);
    assertThat(browser.all(first + ".cv-answers li")).hasSize(14);
    assertThat(browser.all("#plot-b0-heat table")).hasSize(2);

    // when: all in one plot
    choose("Plots per", "-1");

    // then: nothing is left out in silence
    assertThat(browser.all(first + "canvas")).hasSize(1);
    assertThat(browser.all(first + ".cv-note").get(0).getText())
        .contains("2 of 14 lines are not shown; choose them above");

    // when
    choose("OSL", "64");

    // then
    assertThat(browser.all(first + ".cv-answer span")).hasSize(2);
    assertThat(browser.all(".cv-sheet tbody tr")).hasSize(6);
    assertThat(browser.text()).contains("6 of 42 runs, as chosen above the plots.");
    assertThat(browser.all(first + ".cv-note").get(0).getText()).doesNotContain("not shown");
    assertThat(browser.accessibilityViolations()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "request_rate: [5, 10, 20], concurrency: [4, 64] | request_rate 5",
        "concurrency: [4, 64], request_rate: [5, 10, 20] | request_rate 5",
        "streaming: [true, false], concurrency: [4, 64] | streaming true",
      })
  void drawsNoPlotForEachValueOfTheKeyOnTheAxis(String loads, String first) throws IOException {
    // given
    Batch batch = tree.batch("b", loads + ", prompt_input_tokens_mean: [128, 512, 1024]", "");
    for (int run = 0; run < batch.size(); run++) {
      tree.succeeded(batch.run(run), 100 + run, 50 + run);
    }

    // when
    open(batch);

    // then: the axis is the concurrency
    assertThat(browser.all("#plot-b0-first .cv-panel-title"))
        .first()
        .returns(first, title -> title.getText());
  }

  private void choose(String label, String value) {
    browser.script(
        "const select = document.querySelector('.cv-view select[aria-label=\"' + arguments[0] + '\"]');"
            + "select.value = arguments[1]; select.dispatchEvent(new Event('change'));",
        label,
        value);
  }

  private void open(Batch batch) throws IOException {
    REPORT.open(folder, List.of(batch.folder()), "[data-caravan-report] > *");
  }
}
