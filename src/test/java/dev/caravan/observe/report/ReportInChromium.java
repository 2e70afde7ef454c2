package dev.caravan.observe.report;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.caravan.testing.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The Chromium of a test class, which draws reports; without one the tests are skipped. */
final class ReportInChromium implements BeforeAllCallback, AfterAllCallback {

  private Browser browser;

  @Override
  public void beforeAll(ExtensionContext tests) {
    assumeTrue(Browser.program().isPresent(), "no Chromium here: reports were not drawn");
    browser = Browser.start();
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    if (browser != null) {
      browser.close();
    }
  }

  Browser browser() {
    return browser;
  }

  /** Writes a report of these batches to the folder and waits until an element of it is drawn. */
  void open(Path folder, List<Path> batches, String element) throws IOException {
    Path page = folder.resolve("report.html");
    Files.writeString(page, new ReportPage().html(new Reporter(new BatchReader()).report(batches)));
    browser.open(page.toUri().toString());
    browser.await(element);
  }
}
