package dev.caravan.app;

import dev.caravan.app.camel.InboxAcceptance;
import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
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
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.test.junit5.CamelContextConfiguration;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * One route file as it is shipped, over the real beans of a Caravan in a home of its own. What the
 * file calls in other files is a mock.
 */
abstract class RouteTest extends CamelMainTestSupport {

  @TempDir protected Path folder;
  protected Home home;
  protected Components beans;

  /** The route files that are loaded, without ending. */
  abstract List<String> files();

  /** Routes of other files that end in a mock of their name: {@code direct:x} in {@code mock:x}. */
  abstract List<String> mocked();

  /** What the environment says beyond this process's own. */
  Map<String, String> environment() {
    return Map.of();
  }

  /** Timers, and other beginnings of routes, that the test wants in its own hands. */
  Map<String, String> beginnings() {
    return Map.of();
  }

  /** All changes to files go through it. */
  DurableFiles tree() {
    return new DurableFiles();
  }

  /** What is put into the home before the routes start. */
  void before() throws Exception {}

  /** Puts other beans in place of the real ones. */
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
    Settings settings = Settings.of(home.root(), environment, new Properties());
    beans = Components.of(settings, tree(), Owner.DAEMON);
    beans.inbox().prepare();
    before();
    configureCamel(settings);
  }

  @AfterEach
  void closeBeans() throws Exception {
    beans.close();
  }

  private void configureCamel(Settings settings) {
    CamelContextConfiguration camel = camelContextConfiguration();
    Properties properties = new Properties();
    properties.putAll(settings.placeholders());
    properties.put("caravan.inbox.folder", home.inbox().toString());
    properties.put("caravan.queue.runs", "seda:runs?pollTimeout=20");
    properties.put("caravan.queue.recorded", "mock:recorded");
    properties.putAll(queues());
    camel.withUseOverridePropertiesWithPropertiesComponent(properties);
    camel.withRegistryBinder(this::bind);
    beginnings().forEach(camel::replaceRouteFromWith);
  }

  /** Other queues than {@code seda:runs} and {@code mock:recorded}. */
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
    Map<String, Object> byName = new HashMap<>(beans.byName());
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

  /** Makes a batch of this config as the inbox's route does, but opens it nowhere. */
  protected Batch accept(String config) throws Exception {
    Path dropped = Files.writeString(home.inbox().resolve(".c.yaml"), config);
    InboxAcceptance acceptance = (InboxAcceptance) beans.byName().get("acceptance");
    return acceptance.accept(beans.inbox().claim(dropped.toString())).batch();
  }

  protected static String order(Run run) {
    return RunOrder.execute(run.id(), run.batch().folder().toString(), run.index()).json();
  }

  protected static Head head(Run run) {
    return ProcessResult.head(new RunFolder(run.folder()).processResult()).orElseThrow();
  }
}
