package dev.caravan.app.camel;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.observe.events.EventReceivers;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.jms.DefaultJmsMessageListenerContainer;
import org.apache.camel.component.timer.TimerConsumer;
import org.apache.camel.impl.engine.DefaultInflightRepository;
import org.apache.camel.impl.engine.DefaultShutdownStrategy;
import org.apache.camel.main.Main;
import org.apache.camel.spi.InflightRepository;
import org.slf4j.LoggerFactory;

/** A Camel context with our beans and route files. */
public final class CamelApp implements AutoCloseable {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(CamelApp.class);
  private static final String IN_MEMORY_RUNS =
      "seda:runs?purgeWhenStopping=true&waitForTaskToComplete=Never&concurrentConsumers=";
  private static final String IN_MEMORY_RECORDED = "seda:recorded?waitForTaskToComplete=Never";

  /** More than Camel's own limit, which does not hold for consumers that wait for a broker. */
  private static final Duration STOP = Duration.ofSeconds(12);

  // A consumer of an in-memory queue ends at its next poll: with Camel's 1 s a stop takes seconds.
  private static final Duration DAEMON_POLL = Duration.ofMillis(200);
  private static final Duration COMMAND_POLL = Duration.ofMillis(20);
  private static final Duration LAST_EXCHANGES = Duration.ofMillis(500);
  private static final Duration POLL = Duration.ofMillis(2);

  private final Main main = new Main();
  private final Settings settings;
  private final RouteSet routes;
  private final boolean hasOwnFiles;

  /**
   * Configures Camel for as long as a daemon lives; nothing runs yet.
   *
   * @param name name of the context and its threads
   */
  public CamelApp(Settings settings, String name, RouteSet routes) throws IOException {
    this(settings, name, routes, DAEMON_POLL);
  }

  /** Configures Camel for as long as one batch takes, which wakes up more often to stop sooner. */
  public static CamelApp ofCommand(Settings settings, RouteSet routes) throws IOException {
    return new CamelApp(settings, "caravan", routes, COMMAND_POLL);
  }

  private CamelApp(Settings settings, String name, RouteSet routes, Duration queuePoll)
      throws IOException {
    this.settings = settings;
    this.routes = routes;
    List<RouteFile> files =
        RouteFiles.of(new Home(settings.home()), routes.files(), routes.addsRoutes());
    hasOwnFiles = files.stream().anyMatch(file -> file.origin() != RouteFile.Origin.OURS);
    Properties properties = new Properties();
    properties.putAll(placeholders(settings, routes));
    properties.put("camel.main.name", name);
    properties.put(
        "camel.main.routesIncludePattern",
        files.stream().map(RouteFile::location).collect(Collectors.joining(",")));
    properties.put("camel.main.basePackageScanEnabled", "false");
    properties.put("camel.main.autoConfigurationEnvironmentVariablesEnabled", "false");
    properties.put("camel.main.startupSummaryLevel", "Off");
    properties.put(
        "camel.main.logName", "dev.caravan.routes"); // else its level is that of libraries
    properties.put("camel.main.shutdownTimeout", "10");
    properties.put("camel.main.routesReloadEnabled", "false");
    properties.put("camel.component.seda.defaultPollTimeout", "" + queuePoll.toMillis());
    properties.put("camel.health.enabled", "true");
    properties.put("camel.health.exposureLevel", "full");
    if (routes.files().contains(EventReceivers.TEMPLATE)) {
      properties.putAll(NamedReceivers.routes(settings));
    }
    main.setDefaultPropertyPlaceholderLocation("false");
    main.setOverrideProperties(properties);
    main.configure().setShutdownLogInflightExchangesOnTimeout(false);
    routes.beans().forEach(main::bind);
    silenceReconnects();
  }

  /** This class logs each failed reconnect, once a second a queue; Caravan logs the outage once. */
  private static void silenceReconnects() {
    ((Logger) LoggerFactory.getLogger(DefaultJmsMessageListenerContainer.class))
        .setLevel(Level.OFF);
  }

  /** Escapes a folder name for Camel, which URI-decodes it twice. */
  private static String escaped(Path folder) {
    return folder.toString().replace("%", "%2525");
  }

  /** Everything that these routes may use as {@code {{…}}}. */
  static Map<String, String> placeholders(Settings settings, RouteSet routes) {
    Map<String, String> all = new HashMap<>(settings.placeholders());
    all.put("caravan.inbox.folder", escaped(new Home(settings.home()).inbox()));
    if (settings.text(Setting.QUEUE_RUNS).isBlank()) {
      all.put(Setting.QUEUE_RUNS.key(), IN_MEMORY_RUNS + settings.count(Setting.WORKERS, 1));
    }
    if (settings.text(Setting.QUEUE_RECORDED).isBlank()) {
      all.put(Setting.QUEUE_RECORDED.key(), IN_MEMORY_RECORDED);
    }
    routes.queues().forEach((queue, uri) -> all.put(queue.key(), uri));
    return all;
  }

  /**
   * Starts all routes; returns when they are running.
   *
   * @throws SettingsRefusedException if one cannot start for a reason that an inspection finds
   */
  public CamelContext start() throws IOException {
    try {
      main.start();
    } catch (RuntimeException e) {
      RouteInspection inspection = RouteInspection.of(settings, routes);
      List<String> faults = inspection.faults();
      LOG.debug("The routes did not start", e);
      if (faults.isEmpty() || inspection.isPartial()) {
        faults.forEach(LOG::warn); // they need not be the reason
        throw inspection.failure(e).<RuntimeException>map(SettingsRefusedException::new).orElse(e);
      }
      throw new SettingsRefusedException(String.join("\n", faults));
    }
    if (hasOwnFiles) {
      // Camel finds most of them when a message comes.
      RouteInspection.of(settings, routes).faults().forEach(LOG::warn);
    }
    if (routes.addsRoutes()) {
      RouteFiles.notLoaded(new Home(settings.home())).forEach(LOG::warn);
    }
    return main.getCamelContext();
  }

  /**
   * What a route does at an interval may fail while it stops; this class says so in Camel's words.
   */
  private static void silenceTimers() {
    silence(TimerConsumer.class);
  }

  private static void silence(Class<?> type) {
    ((Logger) LoggerFactory.getLogger(type)).setLevel(Level.OFF);
  }

  /** What a receiver does not accept now stays in the outbox until the next start. */
  private void leaveReceivers() {
    CamelContext context = main.getCamelContext();
    if (context != null && onlyDelivers(context)) {
      LOG.info("Not waiting for receivers of events; they get the rest after the next start");
      context.getShutdownStrategy().setTimeout(1);
      silence(DefaultShutdownStrategy.class);
      silence(DefaultInflightRepository.class);
    }
  }

  /** Exchanges that belong to no route, such as those behind a wire tap, are none of these. */
  private boolean onlyDelivers(CamelContext context) {
    if (!routes.files().contains(EventReceivers.TEMPLATE)) {
      return false;
    }
    Set<String> deliveries = NamedReceivers.consumers(settings);
    InflightRepository inflight = context.getInflightRepository();
    List<Route> busy =
        context.getRoutes().stream()
            .filter(route -> inflight.size(route.getRouteId()) > 0)
            .toList();
    return !busy.isEmpty()
        && busy.stream()
            .allMatch(route -> deliveries.contains(route.getEndpoint().getEndpointBaseUri()));
  }

  @Override
  public void close() {
    awaitExchanges();
    leaveReceivers();
    silenceTimers();
    try {
      CompletableFuture.runAsync(main::stop, CamelApp::startDaemonThread)
          .orTimeout(STOP.toSeconds(), TimeUnit.SECONDS)
          .join(); // also when this thread is interrupted
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof TimeoutException)) {
        throw e;
      }
      LOG.warn("The routes have not stopped within {} s", STOP.toSeconds());
    }
  }

  private static void startDaemonThread(Runnable task) {
    Thread thread = new Thread(task, "camel-stop");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Camel looks only once a second whether exchanges have ended, and a stop comes when the last one
   * is about to.
   */
  private void awaitExchanges() {
    CamelContext context = main.getCamelContext();
    if (context == null) {
      return; // it did not start
    }
    long end = System.nanoTime() + LAST_EXCHANGES.toNanos();
    while (context.getInflightRepository().size() > 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(POLL.toNanos());
    }
  }
}
