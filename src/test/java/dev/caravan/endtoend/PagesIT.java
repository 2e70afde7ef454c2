package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.testing.Browser;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import dev.caravan.tools.simulator.Simulator;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages in a real Chromium, through the packaged daemon, with a fake aiperf. The tests share
 * both, and have batches of their own.
 */
class PagesIT {

  private static final String ZONE =
      "times in "
          + (ZoneId.systemDefault().getId().contains("UTC")
              ? "UTC"
              : ZoneId.systemDefault().getId());

  private static Simulator llm;
  private static Caravan caravan;
  private static Results home;
  private static Program daemon;
  private static Browser browser;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    assumeTrue(
        Browser.program().isPresent(),
        "SKIPPED: the pages are not tested, as /usr/bin/chromium or /usr/bin/chromedriver is"
            + " missing (apt-get install chromium chromium-driver)");
    llm = Simulator.start(SimulatorOptions.defaults().withPort(0));
    caravan =
        Caravan.in(folder)
            .withAiperf(FakeAiperf.in(folder.resolve("bin")))
            .with("CARAVAN_INBOX_SETTLE", "0s")
            .with("CARAVAN_DISK_MIN_FREE", "1MB")
            .with("CARAVAN_READINESS_INTERVAL", "300ms");
    home = new Results(caravan);
    daemon = serve();
    browser = Browser.start();
  }

  private static Program serve() {
    return caravan.startJar("serve").awaitLine("Watching inbox");
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
      caravan.close();
      llm.close();
    }
  }

  @BeforeEach
  void forgetTheLastPage() {
    browser.emulate("light", 1280).open("about:blank");
    browser.consoleWarnings();
  }

  private static String config(String name, String model, String more) {
    return FakeAiperfTestBase.oneRun(name, model, llm.url(), more);
  }

  private static String sweep(String name, String model) {
    return config(name, model, "sweeps: {concurrency: [1, 2, 4, 8]}");
  }

  @Test
  void showsTheProblemsOfAConfigAtTheirLinesAndSubmitsAValidOne() {
    // given
    browser.emulateZone("Pacific/Chatham").open(caravan.http() + "/submit");

    // when
    browser.write("#config", sweep("mine", "fake-ok").replace("concurrency: 1", "concurency: 1"));
    browser.click("#submit-form button[type=submit]");

    // then
    browser.awaitText("did you mean \"concurrency\"?");
    browser.click(".goto");
    assertThat(
            browser.script(
                "const c = document.getElementById('config');"
                    + "return c.value.slice(c.selectionStart, c.selectionEnd)"))
        .asString()
        .contains("concurency");
    assertThat(browser.accessibilityViolations()).isEmpty();
    browser.emulate("dark", 1440).saveScreenshot("submit-problems-dark-1440.png");

    // when
    browser.write("#config", sweep("mine", "fake-ok"));
    browser.click("#submit-form button[type=submit]");
    browser.awaitText("Valid: 4 runs");
    browser.click(".plan tbody tr:last-child summary");
    browser.awaitText("--concurrency 8");
    browser.click("#submit-config");

    // then
    browser.awaitText("4 of 4 runs ended: 4 succeeded. Finished.");
    assertThat(browser.url()).contains("/batches/mine/");
    browser.await("[data-live-report] canvas");
    browser.await("[data-live-report] table");
    browser.click("[data-copy]");
    browser.awaitText("Copied.");
    browser.script("document.querySelector('[data-events]').closest('details').open = true");
    browser.awaitText("batch accepted");
    assertThat(browser.text()).as("one zone, although the browser is elsewhere").contains(ZONE);
    String accepted = browser.text("//dt[.='Accepted']/following-sibling::dd");
    assertThat(browser.text("//ol[@data-events]/li[1]")).startsWith(accepted.substring(0, 4));
    browser.awaitText("run finished · run 4 · concurrency 8 · succeeded");
    browser.awaitText("batch finished · 4 succeeded");
    assertThat(browser.consoleWarnings()).isEmpty();
    assertThat(browser.accessibilityViolations()).isEmpty();
    assertThat(browser.all(".cv-tile")).hasSize(4);

    // when
    browser.click("[data-live-report] tbody th a");

    // then
    browser.awaitText("run 1 of 4");

    // and: the batch can be compared
    browser.open(caravan.http() + "/compare");
    browser.click("[aria-label^='Compare mine/']");
    comparesWhatIsTicked();
  }

  private void comparesWhatIsTicked() {
    browser.await(".cv-frontier canvas");
    browser.awaitText("Select another batch for a verdict.");
    browser.click(".cv-link");
    browser.awaitText("Settings of this run");
    browser.awaitText("model: fake-ok");
    assertThat(browser.url()).contains("/compare?batch=mine%2F");
    assertThat(
            browser.script(
                "const points = [[1, 10], [2, 9], [3, 30], [4, 20]]"
                    + ".map(([cost, gain]) => ({ cost: cost, gain: gain }));"
                    + "const front = CaravanFrontier.pareto(points);"
                    + "return [0.5, 1, 2, 9].map((limit) => CaravanFrontier.within(front, limit))"
                    + ".map((found) => found && found.gain).join()"))
        .as("on the line between points of the frontier, and nothing beyond them")
        .isEqualTo(",10,20,30");
    assertThat(browser.accessibilityViolations()).isEmpty();
    browser.emulate("light", 1440).saveScreenshot("compare-light-1440.png");
    browser.emulate("dark", 360);
    assertThat(browser.overflow()).isZero();
    browser.saveScreenshot("compare-dark-360.png");
    browser.click(".cv-picked a.button");
    browser.awaitText(" of 4");
    assertThat(browser.url()).contains("/batches/mine/").contains("/runs/");
    assertThat(browser.consoleWarnings()).isEmpty();
  }

  @Test
  void updatesLiveCancelsAndReconnectsAfterARestart() {
    // given
    caravan.drop("long.yaml", sweep("long", "fake-hang-from-2"));
    browser.open(caravan.http() + "/");

    // then
    browser.awaitText("measuring");
    browser.awaitText("running 1/4 ");
    browser.awaitText(", 3 remaining.");
    assertThat(browser.text())
        .containsPattern("\\d+ of \\d+ runs done(, \\d+ [a-z ]+)*, 3 remaining\\.");
    browser.saveScreenshot("overview-running-1280.png");

    // when
    daemon.terminate();
    daemon.exit();
    browser.awaitText("Caravan is not responding");
    daemon = serve();

    // then
    browser.awaitText("measuring");
    browser.await("#connection[hidden]");
    browser.await("rect.restart ~ rect.restart"); // both starts of Caravan

    // when
    browser.click("#live .card-head a");
    browser.awaitText("Cancel run");
    browser.consoleWarnings(); // drops those logged while the daemon was down
    browser.click(".crumbs a");
    browser.await("[data-live-report] canvas");
    browser.click("#cancel");
    browser.confirm();

    // then
    browser.awaitText("done");
    browser.awaitText("cancelled. Finished.");
    assertThat(browser.consoleWarnings()).isEmpty();
  }

  @Test
  void retriesADeadLetter() {
    // given
    caravan.drop("dead.yaml", config("dead", "fake-exit-3", "retry: {attempts: 1}"));
    home.await("dead");
    browser.open(caravan.http() + "/dead-letters");
    browser.awaitText("Dead letter of run dead/");
    assertThat(browser.accessibilityViolations()).isEmpty();
    browser.saveScreenshot("dead-letters-light.png");

    // when
    browser.click("[data-remove][aria-label*=' dead/']");

    // then
    browser.awaitText("put back into the inbox");
    Results.eventually()
        .until(() -> caravan.batch("dead").resolve("attempts/1").toFile().isDirectory());
    assertThat(browser.consoleWarnings()).isEmpty();
  }

  @Test
  void isReadableInBothThemesAndWidths() {
    // given
    caravan.drop("a.yaml", sweep("good", "fake-ok"));
    caravan.drop("b.yaml", sweep("half", "fake-degraded"));
    caravan.drop("c.yaml", config("bad", "fake-exit-3", "retry: {attempts: 1}"));
    home.await("good");
    home.await("half");
    home.await("bad");
    String batch = "/batches/" + home.id("good");
    String[] pages = {
      "/",
      "/batches",
      "/trend/good",
      batch,
      batch + "/runs/1",
      "/batches/" + home.id("bad") + "/runs/0",
      "/submit",
      "/dead-letters",
      "/login"
    };

    for (int at = 0; at < pages.length; at++) {
      for (String colours : List.of("light", "dark")) {
        // when: it is drawn in one width, and then shown in the other one
        int width = colours.equals("light") ? 360 : 1440;
        browser.emulate(colours, width).open(caravan.http() + pages[at]);
        browser.await("main");
        if (pages[at].equals(batch)) {
          browser.await("[data-live-report] canvas");
        }

        // then
        assertFits(at, pages[at], colours, width);
        browser.emulate(colours, 1800 - width);
        assertFits(at, pages[at], colours, 1800 - width);
        assertThat(browser.accessibilityViolations()).as(pages[at] + " " + colours).isEmpty();
      }
    }
  }

  private static void assertFits(int at, String page, String colours, int width) {
    String shown = page + " " + colours + " " + width;
    assertThat(browser.overflow()).as(shown).isLessThanOrEqualTo(0);
    assertThat(browser.consoleWarnings()).as(shown).isEmpty();
    browser.saveScreenshot(at + "-" + colours + "-" + width + ".png");
  }
}
