package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.testing.Browser;
import dev.caravan.testing.Caravan;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in with a token in a real browser, and the pages of every day behind it. */
class SignInTest {

  private static final String TOKEN = "a-token-that-nobody-guesses";

  @TempDir private Path folder;
  private SampleTree trees;

  @BeforeEach
  void prepare() throws IOException {
    trees = new SampleTree(folder);
  }

  private WebServer serve(String token, int port) throws IOException {
    Path file = Files.writeString(folder.resolve("token"), token);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Settings settings =
        Settings.of(
            trees.home().home.root(), Map.of("CARAVAN_HTTP_TOKEN_FILE", "token"), new Properties());
    WebContext context =
        HomeServer.context(
            trees.home(), settings, List::of, new PageUpdates(new EventFeed(EventLog.none())));
    WebApp app = WebAppFactory.of(context, new HttpSecurity(settings), FleetView.NONE);
    return WebServer.start(app, "127.0.0.1", port);
  }

  @Test
  void opensAllPagesAfterTheTokenWasGivenOnce() throws Exception {
    assumeTrue(Browser.program().isPresent(), "SKIPPED: chromium or chromedriver is missing");

    // given
    Batch batch = trees.batch("mine", "concurrency: [1, 2]", "");
    trees.succeeded(batch.run(0), 7, 9);
    trees.summarise(batch, true);
    try (WebServer server = serve(TOKEN, 0);
        Browser browser = Browser.start()) {
      String url = "http://127.0.0.1:" + server.port();

      // when: without a token every page leads to the sign-in page, a wrong token keeps one there,
      // and the right one leads to the page
      browser.open(url + "/batches?name=mine&name=%C3%BC");
      signIn(browser, "not-the-token");
      browser.awaitText("Wrong token.");
      signIn(browser, TOKEN);

      // then
      browser.awaitText("1 succeeded");
      assertThat(browser.url()).isEqualTo(url + "/batches?name=mine&name=%C3%BC");
      browser.click("nav a[href='/submit']");
      browser.await("#config");
      browser.write("#config", "batch_name: x");
      browser.click("#submit-form button[type=submit]");
      browser.awaitText("problem");
      browser.click("nav a[href='/dead-letters']");
      browser.awaitText("Failed runs");
      browser.open(url + "/batches");
      browser.click("a[href='" + RunLinks.batch(batch.id()) + "']");
      browser.awaitText("1 of 2 runs ended");
      browser.click("#retry, #pause, #cancel, [data-copy]");
      browser.open(url + RunLinks.run(batch.run(0)));
      browser.awaitText("succeeded");
      browser.open(url + "/nothing-here");
      browser.awaitText("Page not found");
      browser.click("nav a[href='/']");
      browser.awaitText("Recent batches");
    }
  }

  @Test
  void asksAnOpenPageForTheTokenThatHasChanged() throws Exception {
    assumeTrue(Browser.program().isPresent(), "SKIPPED: chromium or chromedriver is missing");

    // given
    Batch batch = trees.batch("mine", "concurrency: [1, 2]", "");
    String changed = TOKEN + "-2";
    try (Browser browser = Browser.start()) {
      WebServer first = serve(TOKEN, Caravan.freePort()); // nobody else's until it serves again
      browser.open("http://127.0.0.1:" + first.port() + RunLinks.batch(batch.id()));
      signIn(browser, TOKEN);
      browser.awaitText("0 of 2 runs ended");
      first.close();
      browser.awaitText("Caravan is not responding");

      // when
      try (WebServer second = serve(changed, first.port())) {
        signIn(browser, changed);

        // then
        browser.awaitText("0 of 2 runs ended");
        assertThat(browser.url())
            .isEqualTo("http://127.0.0.1:" + second.port() + RunLinks.batch(batch.id()));
      }
    }
  }

  @Test
  void asksNobodyForTheTokenWhoHasSignedInAndFollowsALinkOfAnotherSite() throws Exception {
    assumeTrue(Browser.program().isPresent(), "SKIPPED: chromium or chromedriver is missing");

    // given
    Batch batch = trees.batch("mine", "concurrency: [1, 2]", "");
    try (WebServer server = serve(TOKEN, 0);
        Browser browser = Browser.start()) {
      String other = "http://localhost:" + server.port() + "/login";
      String page = "http://127.0.0.1:" + server.port() + RunLinks.batch(batch.id()) + "?a=b";
      browser.open(other); // which asks for the token, too
      browser.script("location.href = arguments[0]", page);
      await().until(browser::url, url -> url.startsWith("http://127.0.0.1:"));
      signIn(browser, TOKEN);
      browser.awaitText("0 of 2 runs ended");

      // when
      browser.open(other);
      browser.script("location.href = arguments[0]", page);

      // then
      browser.awaitText("0 of 2 runs ended");
      assertThat(browser.url()).isEqualTo(page);
    }
  }

  private static void signIn(Browser browser, String token) {
    browser.await("#token").sendKeys(token);
    browser.click("button[type=submit]");
    assertThat(browser.url()).doesNotContain(token);
  }
}
