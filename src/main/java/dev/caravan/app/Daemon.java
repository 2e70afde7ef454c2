package dev.caravan.app;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.app.camel.CamelHealth;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.cli.Exit;
import dev.caravan.config.settings.InputEnd;
import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.InvisibleText;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.jms.BrokerConnections;
import dev.caravan.fleet.jms.BrokerSettings;
import dev.caravan.model.Owner;
import dev.caravan.observe.events.EventReceivers;
import dev.caravan.observe.http.HttpSecurity;
import dev.caravan.observe.http.WebApp;
import dev.caravan.observe.http.WebServer;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeLock;
import dev.caravan.storage.HomeState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The long-running Caravan of one home: {@code caravan serve}. */
final class Daemon {

  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final List<String> ROUTES =
      List.of(
          "errors",
          "dead-letters",
          "results",
          "runs",
          "probe",
          "resume",
          "dispatch",
          "order-timeouts",
          "inbox",
          "caravan",
          "control",
          "alerts");

  private static final String STOP_REASON = "Caravan was told to stop";

  private final Settings settings;
  private final Role role;
  private final InputEnd inputEnd;
  private final Home home;
  private final DurableFiles files;

  /** Creates a daemon with these settings that changes files through {@code files}. */
  Daemon(Settings settings, DurableFiles files) {
    BrokerSettings.of(settings); // refuses what is invalid
    this.role = Role.of(settings);
    this.inputEnd = InputEnd.of(settings);
    this.settings = withEvents(settings, role);
    this.files = files;
    this.home = new Home(settings.home());
  }

  /** Runs until a signal arrives, or its home or its lock is gone; returns the exit code. */
  int serve() throws IOException, InterruptedException {
    prepareLock();
    try (HomeLock lock = HomeLock.acquire(home, files)) {
      LOG.debug("Took {}", lock);
      files.neverCreateAgain(home.root());
      files.neverCreateAgain(home.state());
      create(home.inbox());
      HomeState.prepare(home, files);
      if (role.inFleet()) {
        runInFleet(lock);
      } else {
        run(lock, Optional.empty());
      }
      LOG.info("Stopped");
      return lock.isLost() ? Exit.FAILED : Exit.OK;
    }
  }

  /** A hub sends its events to the broker unless the settings name another endpoint. */
  private static Settings withEvents(Settings given, Role role) {
    return role.isHub() && given.text(Setting.EVENTS_TO).isBlank()
        ? given.with(Setting.EVENTS_TO, "jms:topic:caravan.events")
        : given;
  }

  private void runInFleet(HomeLock lock) throws IOException, InterruptedException {
    try (BrokerConnections broker = BrokerConnections.open(settings)) {
      if (role.isHub()) {
        run(lock, Optional.of(broker));
      } else {
        Signals signals = stopSignals(lock);
        Worker worker = worker(broker);
        LOG.info("Working for {} (home {})", settings.text(Setting.BROKER).strip(), home.root());
        signals.await();
        worker.stop(drain(), STOP_REASON);
      }
    }
  }

  private Signals stopSignals(HomeLock lock) {
    Signals signals = Signals.handle(signal -> LOG.info("Stopping ({})", signal));
    signals.alsoWithout(lock);
    if (inputEnd == InputEnd.STOP) {
      signals.alsoAtEndOf(System.in);
    }
    return signals;
  }

  private Worker worker(BrokerConnections broker) throws IOException {
    Worker worker = new Worker(settings, new WorkerComponents(settings, files), broker);
    worker.start();
    return worker;
  }

  private void run(HomeLock lock, Optional<BrokerConnections> broker)
      throws IOException, InterruptedException {
    HttpSecurity httpSecurity = new HttpSecurity(settings);
    checkPort();
    Components components = Components.of(settings, files, AiperfFinder.of(settings), Owner.DAEMON);
    prepare(components.inbox());
    components.restore();
    Signals signals = stopSignals(lock);
    SubmissionComponents submissions = new SubmissionComponents(settings, files, components);
    Map<String, Object> beans = new HashMap<>(components.byName());
    beans.putAll(submissions.byName());
    RouteSet routes = routes(settings, beans);
    FleetView fleet = FleetView.NONE;
    if (broker.isPresent()) {
      HubComponents hub = new HubComponents(settings, files, components, submissions, broker.get());
      routes = hub.routes(routes);
      fleet = hub.view();
    }
    try (CamelApp camel = new CamelApp(settings, "caravan", routes);
        WebServer server =
            serve(
                components.webApp(httpSecurity, fleet, new CamelHealth(camel.start())::results))) {
      LOG.debug("HTTP on port {}", server.port());
      Optional<Worker> worker =
          role.isWorker() ? Optional.of(worker(broker.orElseThrow())) : Optional.empty();
      LOG.info("Pages: {}", server.url());
      LOG.info("Watching {} (home {})", home.display(home.inbox()), home.root());
      signals.await();
      components.stopAfter(drain(), STOP_REASON);
      if (worker.isPresent()) {
        worker.get().stop(drain(), STOP_REASON);
      }
      components.awaitIdle();
    }
    components.recorder().catchUp();
    components.close();
  }

  private WebServer serve(WebApp app) throws IOException {
    return WebServer.start(
        app, settings.text(Setting.HTTP_HOST), settings.count(Setting.HTTP_PORT, 0));
  }

  private Duration drain() {
    return settings.duration(Setting.SHUTDOWN_DRAIN);
  }

  /** The routes without a broker; those that deliver events only if receivers are configured. */
  private static RouteSet routes(Settings settings, Map<String, Object> beans) {
    List<String> files =
        Stream.concat(ROUTES.stream(), EventReceivers.of(settings).routeFiles().stream()).toList();
    return new RouteSet(files, beans).withAddedRoutes();
  }

  /** What each Camel context of a daemon with these settings loads, without the beans. */
  static List<RouteSet> routes(Settings given) {
    Role role = Role.of(given);
    RouteSet alone = routes(withEvents(given, role), Map.of());
    List<RouteSet> all = new ArrayList<>();
    if (!role.inFleet()) {
      all.add(alone);
    }
    if (role.isHub()) {
      all.add(HubComponents.routes(alone, Map.of()));
    }
    if (role.inFleet() && role.isWorker()) {
      all.add(Worker.routes(given, Map.of()));
    }
    return all;
  }

  /** Without the lock, this may be the home of another daemon, which uses all else in it. */
  private void prepareLock() {
    checkHomePath();
    create(home.root());
    create(home.state());
    HomeState.prepareLock(home, files);
  }

  private void create(Path folder) {
    try {
      files.createDirectories(folder);
    } catch (IOException e) {
      throw new SettingsRefusedException("cannot create " + folder + ": " + e);
    }
    if (!Files.isWritable(folder)) {
      throw new SettingsRefusedException("cannot write into " + folder);
    }
  }

  private static void prepare(Inbox inbox) {
    try {
      inbox.prepare();
    } catch (IOException e) {
      throw new SettingsRefusedException("cannot create the folders of the inbox: " + e);
    }
  }

  /**
   * In URIs Camel reads some as placeholders, a query and a slash, even in folder names; others are
   * in no URI.
   */
  private void checkHomePath() {
    String path = home.root().toString();
    Stream<String> invisible =
        path.codePoints()
            .filter(c -> Character.isISOControl(c) || Character.isSpaceChar(c) && c != ' ')
            .mapToObj(InvisibleText::name);
    Stream.concat(Stream.of("{{", "${", "?", "\\").filter(path::contains), invisible)
        .findFirst()
        .ifPresent(
            fault -> {
              throw new SettingsRefusedException(
                  "the path of the home must not contain "
                      + fault
                      + ": "
                      + DisplayText.unquoted(path));
            });
  }

  /** Checks that the port is free before anything else starts. */
  private void checkPort() {
    String host = settings.text(Setting.HTTP_HOST);
    int port = settings.count(Setting.HTTP_PORT, 0);
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    } catch (IOException e) {
      throw new SettingsRefusedException(
          "cannot use HTTP port "
              + port
              + " on "
              + host
              + " ("
              + e.getMessage()
              + "); set "
              + Setting.HTTP_PORT.key());
    }
  }
}
