package dev.caravan.app;

import dev.caravan.app.camel.CamelApp;
import dev.caravan.cli.Exit;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Owner;
import dev.caravan.observe.http.HttpSecurity;
import dev.caravan.pipeline.accept.Inbox;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeLock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
          "dispatch",
          "order-timeouts",
          "inbox",
          "control",
          "alerts");

  private final Settings settings;
  private final BrokerSettings brokerSettings;
  private final Home home;
  private final DurableFiles files;

  /** Creates a daemon with these settings that changes files through {@code files}. */
  Daemon(Settings settings, DurableFiles files) {
    this.brokerSettings = BrokerSettings.of(settings);
    this.settings = brokerSettings.withEvents(settings);
    this.files = files;
    this.home = new Home(settings.home());
  }

  /** Runs until a signal arrives; returns the exit code. */
  int serve() throws IOException, InterruptedException {
    prepareFolders();
    try (HomeLock lock = HomeLock.acquire(home, files)) {
      LOG.debug("Took {}", lock);
      if (!brokerSettings.enabled()) {
        run(DaemonExtension.NONE);
      } else {
        runFleet();
      }
      LOG.info("Stopped");
    }
    return Exit.OK;
  }

  private void runFleet() throws IOException, InterruptedException {
    try (FleetExtension fleet = new FleetExtension(settings, files, brokerSettings)) {
      if (brokerSettings.hub()) {
        run(fleet);
      } else {
        Signals signals = Signals.handle(() -> LOG.info("Stopping"));
        fleet.started();
        LOG.info("Working for {} (home {})", brokerSettings.broker(), home.root());
        signals.await();
        fleet.stopping();
      }
    }
  }

  private void run(DaemonExtension extension) throws IOException, InterruptedException {
    HttpSecurity httpSecurity = new HttpSecurity(settings);
    checkPort();
    Components components = Components.of(settings, files, Owner.DAEMON);
    prepare(components.inbox());
    components.endOrphans();
    components.restoreEvents();
    components.restoreControl();
    Signals signals = Signals.handle(() -> LOG.info("Stopping"));
    Map<String, Object> byName = new HashMap<>(components.byName());
    byName.putAll(extension.beans(components));
    List<String> routes = extension.routes(routes());
    try (CamelApp camel =
        new CamelApp(settings, byName, routes, true, "caravan", extension.queues())) {
      new WebServer(components.webApp(httpSecurity, extension.view()))
          .open(camel.start(), settings.count(Setting.HTTP_PORT, 0));
      extension.started();
      LOG.info("Watching {} (home {})", home.display(home.inbox()), home.root());
      signals.await();
      components.stopAfter(settings.duration(Setting.SHUTDOWN_DRAIN), "Caravan was told to stop");
      extension.stopping();
      components.awaitIdle();
    }
    components.updateSummaries();
    components.close();
  }

  /** The route files; those that deliver events only if receivers are configured. */
  private List<String> routes() {
    return Stream.concat(ROUTES.stream(), EventComponents.receivers(settings).stream()).toList();
  }

  private void prepareFolders() {
    checkHomePath();
    for (Path folder : List.of(home.root(), home.inbox(), home.state())) {
      try {
        files.createDirectories(folder);
      } catch (IOException e) {
        throw new SettingsRefusedException("cannot create " + folder + ": " + e);
      }
      if (!Files.isWritable(folder)) {
        throw new SettingsRefusedException("cannot write into " + folder);
      }
    }
  }

  private static void prepare(Inbox inbox) {
    try {
      inbox.prepare();
    } catch (IOException e) {
      throw new SettingsRefusedException("cannot create the folders of the inbox: " + e);
    }
  }

  /** In URIs Camel reads these as placeholders, a query and a slash, even in folder names. */
  private void checkHomePath() {
    String path = home.root().toString();
    if (Stream.of("{{", "${", "?", "\\").anyMatch(path::contains)) {
      throw new SettingsRefusedException(
          "the path of the home must not contain {{, ${, ? or \\: " + path);
    }
  }

  /** Checks that the port is free: when it is not, Vert.x only logs that. */
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
