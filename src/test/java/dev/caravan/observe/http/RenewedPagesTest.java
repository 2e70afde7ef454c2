package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.analysis.Verdict;
import dev.caravan.observe.events.EventPipeline;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.testing.Browser;
import dev.caravan.testing.Caravan;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays and what is drawn anew when an open page changes, in a real Chromium. */
class RenewedPagesTest {

  @AutoClose private static Browser browser;

  @TempDir private Path folder;

  @AutoClose private OpenPages pages;

  @BeforeAll
  static void start() {
    browser = OpenPages.browser();
  }

  @BeforeEach
  void prepare() throws IOException {
    pages = new OpenPages(folder, browser);
  }

  @Test
  void listsEachEventOnceAlsoWhenTheyAreNumberedAnew() throws Exception {
    // given
    pages.stopServing();
    try (EventPipeline first = pages.pipeline("first")) {
      pages.serve(first.feed(), Caravan.freePort()); // nobody else's until it serves again
      first.events().changed(new PipelineChange.Accepted(pages.batch));
      first.events().changed(new PipelineChange.Started(pages.batch.run(0), 1));
      first.events().changed(new PipelineChange.Started(pages.batch.run(1), 1));
      pages.open(RunLinks.batch(pages.batch.id()));
      browser.script(OpenPages.SEE_EVENTS);
      browser.awaitText("run started · run 2");
      pages.stopServing();
    }

    // when: the outbox was deleted, and its events are published again
    try (EventPipeline second = pages.pipeline("second")) {
      second.events().changed(new PipelineChange.Accepted(pages.batch));
      second
          .events()
          .changed(
              new PipelineChange.Compared(
                  pages.batch, Verdict.FAIL, "FAIL b: 6 % slower than usual", 1));
      pages.serve(second.feed(), pages.port());

      // then
      browser.awaitText("batch compared · FAIL b: 6 % slower than usual");
      assertThat(browser.all("[data-events] li"))
          .extracting(item -> item.getText().replaceFirst("^[0-9:]+ · ", ""))
          .containsExactly(
              "batch accepted",
              "run started · run 1 · concurrency 1",
              "run started · run 2 · concurrency 2",
              "batch compared · FAIL b: 6 % slower than usual");
      browser.open("about:blank");
    }
  }

  @Test
  void keepsAFieldWhileItIsFilledInAndDrawsWhatChangedAfterwards() throws IOException {
    // given: a clock that stands, for the page takes a reader who types nothing for long for done
    pages.trees.succeeded(pages.batch.run(0), 100, 50);
    pages.trees.summarise(pages.batch, false);
    browser.open(
        pages.url() + RunLinks.batch(pages.batch.id()),
        "const now = Date.now(); Date.now = () => now;");
    browser.await("#limit-ttft_ms_p99").sendKeys("7");

    // when
    pages.trees.succeeded(pages.batch.run(1), 200, 60);
    pages.trees.summarise(pages.batch, false);
    pages.changed();
    browser.awaitText("2 of 2 runs ended");

    // then
    assertThat(browser.script("return document.activeElement.id")).isEqualTo("limit-ttft_ms_p99");
    assertThat(browser.script("return document.activeElement.value")).isEqualTo("7500");
    assertThat(browser.text()).contains("0 of 1,000 requests failed");

    // when
    browser.script("document.activeElement.blur()");

    // then
    browser.awaitText("0 of 2,000 requests failed");
    browser.awaitText("TTFT p99 ≤ 7,500 ms");
  }

  @Test
  void keepsTheFocusAndTheScrolledPlaceWhenTheOverviewIsRenewed() throws IOException {
    // given: several links to the same batch
    pages.trees.succeeded(pages.batch.run(0), 100, 50);
    pages.trees.summarise(pages.batch, true);
    browser.emulate("light", 600);
    pages.open("/");
    browser.awaitText("Results by name");
    String link = "a[href='" + RunLinks.batch(pages.batch.id()) + "']";
    assertThat(browser.all(link)).hasSizeGreaterThan(1);
    browser.script(
        "const links = [...document.querySelectorAll(arguments[0])];"
            + "links[links.length - 1].focus();"
            + "const table = document.querySelector('[aria-labelledby=recent-h].cv-scroll');"
            + "table.style.width = '80px'; table.scrollLeft = 7;"
            + "document.querySelector('#live > *').id = 'before'",
        link);

    // when
    pages.trees.succeeded(pages.batch.run(1), 100, 50);
    pages.trees.summarise(pages.batch, true);
    pages.changed();

    // then
    browser.awaitText("2 succeeded");
    await().until(() -> browser.all("#before").isEmpty());
    assertThat(
            browser.script(
                "const links = [...document.querySelectorAll(arguments[0])];"
                    + "return links.length - 1 - links.indexOf(document.activeElement)",
                link))
        .isEqualTo(0L);
  }
}
