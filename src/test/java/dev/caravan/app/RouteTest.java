package dev.caravan.app;

import dev.caravan.app.camel.InboxAcceptance;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import dev.caravan.testing.FakeAiperf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.MessageHelper;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests one shipped route file with the real components of a Caravan in a temporary home. Routes of
 * other files are mocks.
 */
abstract class RouteTest extends CamelMainTestSupport {

  @TempDir protected Path folder;
  protected Home home;
  protected Settings settings;
  protected Components components;

  /** The route files to load, without extension. */
  abstract List<String> files();

  /** Routes of other files to mock: {@code direct:x} goes to {@code mock:x}. */
  abstract List<String> mocked();

  /** Environment variables in addition to this process's own. */
  Map<String, String> environment() {
    return Map.of();
  }

  /** Consumers, such as timers, to replace so that the test can trigger them: route id to URI. */
  Map<String, String> replacedConsumers() {
    return Map.of();
  }

  /** The object through which all files are changed. */
  DurableFiles durableFiles() {
    return new DurableFiles();
  }

  /** Prepares the home before the routes start. */
  void before() throws Exception {}

  /** Replaces real beans. */
  void replace(Map<String, Object> byName) {}

  @Override
  protected CamelContext createCamelContext() throws Exception {
    makeHome();
    return super.createCamelContext();
  }

  private void makeHome() throws Exception {
    home = new Home(folder.toRealPath());
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("CARAVAN_AIPERF_COMMAND", FakeAiperf.in(home.root().resolve("bin")).toString());
    environment.put("CARAVAN_AIPERF_KEY_PASSING", "environment");
    environment.put("CARAVAN_LOCKS_DIR", home.root().resolve("locks").toString());
    environment.putAll(environment());
    settings = Settings.of(home.root(), environment, new Properties());
    components = Components.of(settings, durableFiles(), AiperfFinder.of(settings), Owner.DAEMON);
    components.inbox().prepare();
    before();
    configureCamel();
  }

  @AfterEach
  void closeComponents() throws Exception {
    components.close();
  }

  private void configureCamel() {
    CamelContextConfiguration camel = camelContextConfiguration();
    Properties properties = new Properties();
    properties.putAll(settings.placeholders());
    properties.put("caravan.inbox.folder", home.inbox().toString());
    properties.put("caravan.queue.runs", "seda:runs?pollTimeout=20");
    properties.put("caravan.queue.recorded", "mock:recorded");
    properties.putAll(queues());
    camel.withUseOverridePropertiesWithPropertiesComponent(properties);
    camel.withRegistryBinder(this::bind);
    replacedConsumers().forEach(camel::replaceRouteFromWith);
  }

  /** Queues to use instead of {@code seda:runs} and {@code mock:recorded}. */
  Map<String, String> queues() {
    return Map.of();
  }

  @Override
  protected void configure(MainConfigurationProperties main) {
    main.setRoutesIncludePattern(
        Stream.concat(files().stream(), Stream.of("errors"))
            .distinct()
            .map(name -> "file:routes/*/" + name + ".camel.yaml")
            .collect(Collectors.joining(",")));
    main.setBasePackageScanEnabled(false);
    main.setAutoConfigurationEnvironmentVariablesEnabled(false);
  }

  @Override
  protected String getPropertyPlaceholderLocations() {
    return "classpath:none.properties;optional=true";
  }

  private void bind(Registry registry) {
    Map<String, Object> byName = new HashMap<>(components.byName());
    replace(byName);
    byName.forEach(registry::bind);
  }

  @Override
  protected RouteBuilder createRouteBuilder() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        mocked().forEach(name -> from("direct:" + name).to("mock:" + name));
      }
    };
  }

  /** Accepts this config as the inbox's route does, but does not open the batch. */
  protected Batch accept(String config) throws Exception {
    Path dropped = Files.writeString(home.inbox().resolve(".c.yaml"), config);
    InboxAcceptance acceptance = (InboxAcceptance) components.byName().get("acceptance");
    return acceptance.accept(components.inbox().claim(dropped.toString())).batch();
  }

  protected static String order(Run run) {
    return Json.text(RunOrder.execute(run.id(), run.batch().folder().toString(), run.index()));
  }

  /** The body of an exchange, read from JSON; may be called again. */
  protected static <T> T body(Exchange exchange, Class<T> type) {
    MessageHelper.resetStreamCache(exchange.getMessage());
    return Json.read(exchange.getMessage().getBody(String.class), type);
  }

  protected static Head head(Run run) {
    return ProcessResult.head(new RunFolder(run.folder()).processResult()).orElseThrow();
  }
}
