package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.analysis.Verdict;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.observe.events.EventPipeline;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.Browser;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What open pages do when something changes, in a real Chromium. */
class LivePagesTest {

  private static final String SEE_EVENTS =
      "document.querySelector('[data-events]').closest('details').open = true";

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

  private static Browser browser;

  @TempDir private Path folder;
  private SampleTree trees;
  private Batch batch;
  private PageUpdates updates;
  private WebApp app;
  private WebServer server;

  @BeforeAll
  static void start() {
    assumeTrue(Browser.program().isPresent(), "SKIPPED: chromium or chromedriver is missing");
    browser = Browser.start();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void prepare() throws IOException {
    trees = new SampleTree(folder);
    batch = trees.batch("b", "concurrency: [1, 2]", "");
    serve(new EventFeed(EventLog.none()), 0);
  }

  @AfterEach
  void leave() {
    browser.open("about:blank");
    server.close();
  }

  private void serve(EventFeed feed, int port) throws IOException {
    Settings settings = Settings.of(trees.home().home.root(), Map.of(), new Properties());
    updates = new PageUpdates(feed);
    WebContext context = HomeServer.context(trees.home(), settings, List::of, updates);
    app = WebAppFactory.of(context, new HttpSecurity(settings), FleetView.NONE);
    server = WebServer.start(app, "127.0.0.1", port);
  }

  private void open(String path) {
    browser.open(url() + path);
  }

  private String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private void changed() {
    updates.changed(new PipelineChange.Closed(batch));
  }

  private void awaitStreams(int count) {
    await().until(() -> app.streams().open() == count);
  }

  private static void inBackground(boolean hidden) {
    browser.script(
        "Object.defineProperty(document, 'hidden', { configurable: true, get: () => "
            + hidden
            + " }); document.dispatchEvent(new Event('visibilitychange'));");
  }

  @Test
  void keepsNoConnectionInTheBackgroundAndCatchesUpLater() throws IOException {
    // given
    open(RunLinks.batch(batch.id()));
    browser.script(SEE_EVENTS);
    awaitStreams(2);

    // when: a browser opens only six connections to a host, those of all its tabs together
    inBackground(true);

    // then
    awaitStreams(0);

    // when
    trees.succeeded(batch.run(0), 100, 50);
    trees.summarise(batch, false);
    changed();
    inBackground(false);

    // then
    browser.awaitText("1 of 2 runs ended: 1 succeeded");
    awaitStreams(2);
  }

  @Test
  void opensItsStreamsAnewAfterALongSilence() throws IOException {
    // given: a page that looks at its clock more often, and whose connections have died in silence
    browser.open(url() + RunLinks.batch(batch.id()), MORTAL_STREAMS);
    browser.script(SEE_EVENTS);
    awaitStreams(2);
    browser.await("html.heard");
    browser.script("streams.forEach((each) => { each.isDead = true; })");
    trees.succeeded(batch.run(0), 100, 50);
    trees.summarise(batch, false);
    changed();

    // when: the laptop wakes up
    browser.script("const now = Date.now; Date.now = () => now() + 60000;");

    // then
    browser.awaitText("1 of 2 runs ended: 1 succeeded");
    awaitStreams(2);
  }

  @Test
  void showsAllOfARunThatEndedUnseen() throws IOException {
    // given
    open(RunLinks.run(batch.run(0)));
    browser.awaitText("no result yet");
    inBackground(true);

    // when
    trees.succeeded(batch.run(0), 100, 50);
    changed();
    inBackground(false);

    // then
    browser.awaitText("TTFT p99");
    browser.awaitText("process_result.json");
  }

  @Test
  void showsAllOfTheNextAttemptThatEndedUnseen() throws IOException {
    // given
    trees.ended(batch.run(0), Outcome.FAILED, "crashed", "exit 3");
    open(RunLinks.run(batch.run(0)));
    browser.awaitText("crashed");
    inBackground(true);

    // when
    trees.succeeded(batch.run(0), 100, 50);
    changed();
    inBackground(false);

    // then
    browser.awaitText("TTFT p99");
  }

  @Test
  void showsTheNewEndOfABatchThatWasRetriedUnseen() throws IOException {
    // given
    trees.summarise(batch, true);
    open(RunLinks.batch(batch.id()));
    browser.awaitText("Finished.");
    inBackground(true);

    // when
    Path summary = batch.folder().resolve("summary.json");
    String later = Files.readString(summary).replaceFirst("(finished_at\" *: *\")\\d{4}", "$12027");
    Files.writeString(summary, later);
    changed();
    inBackground(false);

    // then
    browser.awaitText("2027-");
  }

  @Test
  void saysThatABatchIsGoneUntilItIsBack() throws IOException {
    // given
    open(RunLinks.batch(batch.id()));
    browser.awaitText("0 of 2 runs ended");

    // when
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(batch.folder(), elsewhere);
    changed();

    // then
    browser.awaitText("This page is out of date: there is no batch " + batch.id());

    // when
    Files.move(elsewhere, batch.folder());
    changed();

    // then
    browser.await("#connection[hidden]");
  }

  @Test
  void saysThatAButtonDidNothing() throws IOException {
    // given
    open(RunLinks.batch(batch.id()));
    browser.awaitText("0 of 2 runs ended");
    Path orders = trees.home().home.root().resolve(".caravan/control");
    Files.deleteIfExists(orders);
    SampleTree.write(orders, "no folder");

    // when
    browser.click("#pause");

    // then
    browser.awaitText("Not done: internal error; see the Caravan log");

    // when
    Files.move(batch.folder(), folder.resolve("elsewhere"));
    browser.click("[data-copy]");

    // then
    browser.awaitText("Nothing was copied: ");

    // when
    server.close();
    browser.awaitText("Caravan is not responding; reconnecting");
    browser.click("#pause");

    // then
    browser.awaitText("Caravan is not responding. Try again when it does.");
  }

  @Test
  void saysThatAConfigIsTooLarge() {
    // given
    open("/submit");
    browser.script(
        "document.getElementById('config').value = '# '.repeat(9000).concat('\\n').repeat(120)");

    // when
    browser.click("#submit-config");

    // then
    browser.awaitText("Not done: the request is larger than 4096 KiB");
  }

  @Test
  void listsEachEventOnceAlsoWhenTheyAreNumberedAnew() throws Exception {
    // given
    server.close();
    try (EventPipeline first = pipeline("first")) {
      serve(first.feed(), Caravan.freePort()); // nobody else's until it serves again
      first.events().changed(new PipelineChange.Accepted(batch));
      first.events().changed(new PipelineChange.Started(batch.run(0), 1));
      first.events().changed(new PipelineChange.Started(batch.run(1), 1));
      open(RunLinks.batch(batch.id()));
      browser.script(SEE_EVENTS);
      browser.awaitText("run started · run 2");
      server.close();
    }

    // when: the outbox was deleted, and its events are published again
    try (EventPipeline second = pipeline("second")) {
      second.events().changed(new PipelineChange.Accepted(batch));
      second
          .events()
          .changed(
              new PipelineChange.Compared(batch, Verdict.FAIL, "FAIL b: 6 % slower than usual", 1));
      serve(second.feed(), server.port());

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

  private EventPipeline pipeline(String home) throws IOException {
    return new EventPipeline(
        new ScratchHome(Files.createDirectories(folder.resolve(home))).home,
        new DurableFiles(),
        ScratchHome.OWNER,
        List.of(),
        true);
  }

  @Test
  void keepsAFieldWhileItIsFilledInAndDrawsWhatChangedAfterwards() throws IOException {
    // given: a clock that stands, for the page takes a reader who types nothing for long for done
    trees.succeeded(batch.run(0), 100, 50);
    trees.summarise(batch, false);
    browser.open(
        url() + RunLinks.batch(batch.id()), "const now = Date.now(); Date.now = () => now;");
    browser.await("#limit-ttft_ms_p99").sendKeys("7");

    // when
    trees.succeeded(batch.run(1), 200, 60);
    trees.summarise(batch, false);
    changed();
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
    trees.succeeded(batch.run(0), 100, 50);
    trees.summarise(batch, true);
    browser.emulate("light", 600);
    open("/");
    browser.awaitText("Results by name");
    String link = "a[href='" + RunLinks.batch(batch.id()) + "']";
    assertThat(browser.all(link)).hasSizeGreaterThan(1);
    browser.script(
        "const links = [...document.querySelectorAll(arguments[0])];"
            + "links[links.length - 1].focus();"
            + "const table = document.querySelector('[aria-labelledby=recent-h].cv-scroll');"
            + "table.style.width = '80px'; table.scrollLeft = 7;"
            + "document.querySelector('#live > *').id = 'before'",
        link);

    // when
    trees.succeeded(batch.run(1), 100, 50);
    trees.summarise(batch, true);
    changed();

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
