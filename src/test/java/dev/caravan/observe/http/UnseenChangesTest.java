package dev.caravan.observe.http;

import dev.caravan.model.Outcome;
import dev.caravan.testing.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What open pages catch up with after they were in the background or had no connection, in a real
 * Chromium.
 */
class UnseenChangesTest {

  private static final String MORTAL_STREAMS =
      """
      window.streams = [];
      window.EventSource = class extends EventSource {
        constructor(url) {
          super(url);
          streams.push(this);
        }
        addEventListener(type, act) {
          super.addEventListener(type, (event) => {
            if (!this.isDead) {
              act(event);
              document.documentElement.classList.add('heard');
            }
          });
        }
      };
      const timed = window.setInterval;
      window.setInterval = (act, millis) => timed(act, millis / 50);
      """;

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
  void keepsNoConnectionInTheBackgroundAndCatchesUpLater() throws IOException {
    // given
    pages.open(RunLinks.batch(pages.batch.id()));
    browser.script(OpenPages.SEE_EVENTS);
    pages.awaitStreams(2);

    // when: a browser opens only six connections to a host, those of all its tabs together
    pages.inBackground(true);

    // then
    pages.awaitStreams(0);

    // when
    pages.trees.succeeded(pages.batch.run(0), 100, 50);
    pages.trees.summarise(pages.batch, false);
    pages.changed();
    pages.inBackground(false);

    // then
    browser.awaitText("1 of 2 runs ended: 1 succeeded");
    pages.awaitStreams(2);
  }

  @Test
  void opensItsStreamsAnewAfterALongSilence() throws IOException {
    // given: a page that looks at its clock more often, and whose connections have died in silence
    browser.open(pages.url() + RunLinks.batch(pages.batch.id()), MORTAL_STREAMS);
    browser.script(OpenPages.SEE_EVENTS);
    pages.awaitStreams(2);
    browser.await("html.heard");
    browser.script("streams.forEach((each) => { each.isDead = true; })");
    pages.trees.succeeded(pages.batch.run(0), 100, 50);
    pages.trees.summarise(pages.batch, false);
    pages.changed();

    // when: the laptop wakes up
    browser.script("const now = Date.now; Date.now = () => now() + 60000;");

    // then
    browser.awaitText("1 of 2 runs ended: 1 succeeded");
    pages.awaitStreams(2);
  }

  @Test
  void showsAllOfARunThatEndedUnseen() throws IOException {
    // given
    pages.open(RunLinks.run(pages.batch.run(0)));
    browser.awaitText("no result yet");
    pages.inBackground(true);

    // when
    pages.trees.succeeded(pages.batch.run(0), 100, 50);
    pages.changed();
    pages.inBackground(false);

    // then
    browser.awaitText("TTFT p99");
    browser.awaitText("process_result.json");
  }

  @Test
  void showsAllOfTheNextAttemptThatEndedUnseen() throws IOException {
    // given
    pages.trees.ended(pages.batch.run(0), Outcome.FAILED, "crashed", "exit 3");
    pages.open(RunLinks.run(pages.batch.run(0)));
    browser.awaitText("crashed");
    pages.inBackground(true);

    // when
    pages.trees.succeeded(pages.batch.run(0), 100, 50);
    pages.changed();
    pages.inBackground(false);

    // then
    browser.awaitText("TTFT p99");
  }

  @Test
  void showsTheNewEndOfABatchThatWasRetriedUnseen() throws IOException {
    // given
    pages.trees.summarise(pages.batch, true);
    pages.open(RunLinks.batch(pages.batch.id()));
    browser.awaitText("Finished.");
    pages.inBackground(true);

    // when
    Path summary = pages.batch.folder().resolve("summary.json");
    String later = Files.readString(summary).replaceFirst("(finished_at\" *: *\")\\d{4}", "$12027");
    Files.writeString(summary, later);
    pages.changed();
    pages.inBackground(false);

    // then
    browser.awaitText("2027-");
  }
}
