package dev.caravan.observe.http;

import dev.caravan.testing.Browser;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What open pages say when something is gone or is not done, in a real Chromium. */
class PageTroublesTest {

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
  void saysThatABatchIsGoneUntilItIsBack() throws IOException {
    // given
    pages.open(RunLinks.batch(pages.batch.id()));
    browser.awaitText("0 of 2 runs ended");

    // when
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(pages.batch.folder(), elsewhere);
    pages.changed();

    // then
    browser.awaitText("This page is out of date: there is no batch " + pages.batch.id());

    // when
    Files.move(elsewhere, pages.batch.folder());
    pages.changed();

    // then
    browser.await("#connection[hidden]");
  }

  @Test
  void saysThatAButtonDidNothing() throws IOException {
    // given
    pages.open(RunLinks.batch(pages.batch.id()));
    browser.awaitText("0 of 2 runs ended");
    Path orders = pages.trees.home().home.root().resolve(".caravan/control");
    Files.deleteIfExists(orders);
    SampleTree.write(orders, "no folder");

    // when
    browser.click("#pause");

    // then
    browser.awaitText("Not done: " + orders + ": is there already");

    // when
    Files.move(pages.batch.folder(), folder.resolve("elsewhere"));
    browser.click("[data-copy]");

    // then
    browser.awaitText("Nothing was copied: ");

    // when
    pages.stopServing();
    browser.awaitText("Caravan is not responding; reconnecting");
    browser.click("#pause");

    // then
    browser.awaitText("Caravan is not responding. Try again when it does.");
  }

  @Test
  void saysThatAConfigIsTooLarge() {
    // given
    pages.open("/submit");
    browser.script(
        "document.getElementById('config').value = '# '.repeat(9000).concat('\\n').repeat(120)");

    // when
    browser.click("#submit-config");

    // then
    browser.awaitText("Not done: the request is larger than 4096 KiB");
  }
}
