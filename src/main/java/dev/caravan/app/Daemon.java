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

/** The long-running Caravan of one home. */
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

  /** A daemon for these settings that changes files through {@code files}. */
  Daemon(Settings settings, DurableFiles files) {
    this.brokerSettings = BrokerSettings.of(settings);
    this.settings = brokerSettings.withEvents(settings);
    this.files = files;
    this.home = new Home(settings.home());
  }

  /** Serves until a signal comes; returns the exit code. */
  int serve() throws IOException, InterruptedException {
    prepareFolders();
    try (HomeLock lock = HomeLock.take(home, files)) {
      LOG.debug("Took {}", lock);
      if (!brokerSettings.enabled()) {
        watch(Extras.NONE);
      } else {
        share();
      }
      LOG.info("Stopped");
    }
    return Exit.OK;
  }

  private void share() throws IOException, InterruptedException {
    try (FleetDaemon brokerConnections = new FleetDaemon(settings, files, brokerSettings)) {
      if (brokerSettings.hub()) {
        watch(brokerConnections);
      } else {
        Signals signals = Signals.handle(() -> LOG.info("Stopping"));
        brokerConnections.started();
        LOG.info("Working for {} (home {})", brokerSettings.broker(), home.root());
        signals.await();
        brokerConnections.stopping();
      }
    }
  }

  private void watch(Extras extras) throws IOException, InterruptedException {
    HttpSecurity httpSecurity = new HttpSecurity(settings);
    checkPort();
    Components beans = Components.of(settings, files, Owner.DAEMON);
    prepare(beans.inbox());
    beans.endLeftOvers();
    beans.restoreEvents();
    beans.restoreOrders();
    Signals signals = Signals.handle(() -> LOG.info("Stopping"));
    Map<String, Object> byName = new HashMap<>(beans.byName());
    byName.putAll(extras.beans(beans));
    List<String> routes = extras.routes(routes());
    try (CamelApp camel =
        new CamelApp(settings, byName, routes, true, "caravan", extras.queues())) {
      new WebServer(beans.site(httpSecurity, extras.view()))
          .open(camel.start(), settings.count(Setting.HTTP_PORT, 0));
      extras.started();
      LOG.info("Watching {} (home {})", home.shown(home.inbox()), home.root());
      signals.await();
      beans.stopAfter(settings.duration(Setting.SHUTDOWN_DRAIN), "Caravan was told to stop");
      extras.stopping();
      beans.awaitIdle();
    }
    beans.settleResults();
    beans.close();
  }

  /** Events are delivered only where somebody asked for them. */
  private List<String> routes() {
    return Stream.concat(ROUTES.stream(), EventComponents.receivers(settings).stream()).toList();
  }

  private void prepareFolders() {
    checkName();
    for (Path folder : List.of(home.root(), home.inbox(), home.state())) {
      try {
        files.createDirectories(folder);
      } catch (IOException e) {
        throw new SettingsRefusedException("cannot make " + folder + ": " + e);
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
      throw new SettingsRefusedException("cannot make the folders of the inbox: " + e);
    }
  }

  /** Camel takes these for placeholders, a query and a slash, in the names of folders too. */
  private void checkName() {
    String name = home.root().toString();
    if (Stream.of("{{", "${", "?", "\\").anyMatch(name::contains)) {
      throw new SettingsRefusedException(
          "the path of the home must not hold {{, ${, ? or \\: " + name);
    }
  }

  /** Vert.x only logs it when its port is taken, so it is asked for before. */
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
