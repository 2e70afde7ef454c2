package dev.caravan.testing;

import com.deque.html.axecore.providers.EmbeddedResourceAxeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Pattern;
import javax.naming.OperationNotSupportedException;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A headless Chromium driven by WebDriver. */
public final class Browser implements AutoCloseable {

  private static final List<Path> PROGRAMS =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  /** Not by its Selenium binding, which gathers all results twice and in a window of its own. */
  private static final String VIOLATIONS =
      """
      const done = arguments[arguments.length - 1];
      axe.run(document, { resultTypes: ['violations'] }).then(
        (results) => done(results.violations
          .filter((rule) => ['serious', 'critical'].includes(rule.impact))
          .map((rule) => rule.id + ': ' + rule.nodes.slice(0, 5).map((node) => node.html))),
        (error) => done(['axe-core failed: ' + error]));
      """;

  private final ChromeDriver driver;

  private Browser(Path program) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program.toString());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingPort(Ports.choose())
            .withTimeout(TIMEOUT)
            .build();
    this.driver = new ChromeDriver(service, options);
    driver.manage().timeouts().pageLoadTimeout(TIMEOUT).scriptTimeout(TIMEOUT);
  }

  /** The Chromium program; empty when it or its driver is not installed. */
  public static Optional<Path> program() {
    return Files.isExecutable(DRIVER)
        ? PROGRAMS.stream().filter(Files::isExecutable).findFirst()
        : Optional.empty();
  }

  /** Starts a browser. */
  public static Browser start() {
    return new Browser(program().orElseThrow());
  }

  /** Emulates a colour scheme ({@code light} or {@code dark}) and a window width. */
  public Browser emulate(String colours, int width) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 500));
    return this;
  }

  /** Emulates a time zone. */
  public Browser emulateZone(String zone) {
    driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", zone));
    return this;
  }

  public void open(String url) {
    driver.get(url);
  }

  /** Opens a page that runs this script before its own ones. */
  public void open(String url, String script) {
    Map<String, Object> added =
        driver.executeCdpCommand("Page.addScriptToEvaluateOnNewDocument", Map.of("source", script));
    open(url);
    driver.executeCdpCommand("Page.removeScriptToEvaluateOnNewDocument", added);
  }

  public String url() {
    return driver.getCurrentUrl();
  }

  /** The visible text of the page. */
  public String text() {
    String text = (String) script("return document.body.innerText"); // WebDriver asks each element
    return text.replaceAll("[\\t\u00a0]", " ");
  }

  /** The text of the first element of this XPath. */
  public String text(String xpath) {
    return driver.findElement(By.xpath(xpath)).getText();
  }

  /** Waits for this text on the page, which may reload meanwhile. */
  public void awaitText(String text) {
    new WebDriverWait(driver, TIMEOUT, Duration.ofMillis(50))
        .ignoring(org.openqa.selenium.WebDriverException.class)
        .withMessage(() -> "no \"" + text + "\" in:\n" + text())
        .until(d -> text().contains(text));
  }

  /** Waits for an element. */
  public WebElement await(String css) {
    return new WebDriverWait(driver, TIMEOUT, Duration.ofMillis(50))
        .until(d -> d.findElements(By.cssSelector(css)).stream().findFirst().orElse(null));
  }

  public List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** Clicks an element; retries when a live page replaces it. */
  public void click(String css) {
    new WebDriverWait(driver, TIMEOUT, Duration.ofMillis(50))
        .ignoring(org.openqa.selenium.WebDriverException.class)
        .until(
            d -> {
              d.findElement(By.cssSelector(css)).click();
              return true;
            });
  }

  /** Accepts the confirmation dialog. */
  public void confirm() {
    new WebDriverWait(driver, TIMEOUT)
        .until(org.openqa.selenium.support.ui.ExpectedConditions.alertIsPresent())
        .accept();
  }

  /** Sets the value of a field without typing. */
  public void write(String css, String text) {
    driver.executeScript("arguments[0].value = arguments[1]", await(css), text);
  }

  /** Runs a script; returns its result. */
  public Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Warnings and errors logged to the console since the last call. */
  public List<String> consoleWarnings() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(entry -> entry.getMessage())
        .toList();
  }

  /** Serious and critical accessibility violations, by axe-core. */
  @SuppressWarnings("unchecked")
  public List<String> accessibilityViolations() {
    if (!(Boolean) script("return 'axe' in window")) {
      try {
        script(new EmbeddedResourceAxeProvider().getScript());
      } catch (IOException | OperationNotSupportedException e) {
        throw new IllegalStateException(e);
      }
    }
    return (List<String>) driver.executeAsyncScript(VIOLATIONS);
  }

  /**
   * Saves a screenshot of the whole page where {@code -Dcaravan.test.screens=FOLDER} asks for them.
   */
  public void saveScreenshot(String name) {
    String folder = System.getProperty("caravan.test.screens", "");
    if (folder.isEmpty()) {
      return;
    }
    Object height = script("return Math.min(4000, document.documentElement.scrollHeight)");
    Object width = script("return window.innerWidth");
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    try {
      Path file = Files.createDirectories(Path.of(folder)).resolve(name);
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number of pages that the page takes in print. */
  public long printedPages() {
    Object pdf =
        driver.executeCdpCommand("Page.printToPDF", Map.of("preferCSSPageSize", true)).get("data");
    byte[] bytes = Base64.getDecoder().decode((String) pdf);
    return Pattern.compile("/Type /Page\\b")
        .matcher(new String(bytes, StandardCharsets.ISO_8859_1))
        .results()
        .count();
  }

  /** Horizontal overflow of the page, in pixels. */
  public long overflow() {
    return (Long)
        script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
  }

  @Override
  public void close() {
    driver.quit();
  }
}
