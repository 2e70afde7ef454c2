package dev.caravan.app;

import dev.caravan.app.camel.BrokerHealth;
import dev.caravan.app.camel.HubMail;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetFile;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.HubDesk;
import dev.caravan.fleet.hub.HubView;
import dev.caravan.fleet.hub.HubWatch;
import dev.caravan.fleet.hub.Submissions;
import dev.caravan.fleet.jms.JmsQueueView;
import dev.caravan.fleet.jms.Letters;
import dev.caravan.fleet.jms.ParcelPost;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.Tree;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a daemon has besides when it gives its runs to workers. */
final class HubParts {

  /** The routes of a hub in place of those that execute runs. */
  static final List<String> ROUTES =
      List.of(
          "broker-errors",
          "hub-errors",
          "hub",
          "hub-outcome",
          "hub-watch",
          "hub-beat",
          "hub-fleet",
          "intake",
          "files");

  /** Where dispatch sends runs to, and who hears what became of them. */
  static final Map<Setting, String> QUEUES =
      Map.of(Setting.QUEUE_RUNS, "seda:hub-assign?waitForTaskToComplete=Never&size=100000");

  private final HubView view;
  private final Map<String, Object> byName = new HashMap<>();

  /** The parts of the hub that has these objects and this broker. */
  HubParts(Settings settings, Tree tree, Beans beans, Fleet fleet) throws IOException {
    HubSide hub = beans.hub();
    Home home = new Home(settings.home());
    HubWatch watch = watch(settings, HomeId.of(home, tree), hub, fleet);
    HubDesk desk =
        new HubDesk(
            home,
            tree,
            hub.runs(),
            hub.changes(),
            watch,
            settings.bytes(Setting.RESULTS_MAX_SIZE),
            SharedFolder.of(settings.text(Setting.RESULTS_SHARED), home.root(), tree));
    Letters letters = new Letters(fleet.connections());
    ParcelPost post = new ParcelPost(fleet.connections());
    this.view = new HubView(desk, watch, hub.workers(), fleet.depths());
    byName.put("jms", fleet.jms());
    byName.put("hub", desk);
    byName.put("hubMail", new HubMail(desk, watch, view, home, tree, letters, post));
    byName.put("intake", hub.intake(new Submissions(home, tree), letters));
    byName.put("fleetFile", new FleetFile(view, home, tree));
    byName.put("broker-health", new BrokerHealth(watch));
  }

  private static HubWatch watch(Settings settings, String id, HubSide hub, Fleet fleet) {
    return new HubWatch(
        id,
        settings.duration(Setting.WORKER_HEARTBEAT),
        settings.duration(Setting.WORKER_LEASE),
        hub.workers(),
        new JmsQueueView(fleet.connections()),
        System::nanoTime);
  }

  /** What the hub's routes call by name. */
  Map<String, Object> byName() {
    return byName;
  }

  /** What the hub knows of its workers. */
  FleetView view() {
    return view;
  }
}
