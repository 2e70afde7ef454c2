package dev.caravan.app;

import dev.caravan.app.camel.BrokerHealth;
import dev.caravan.app.camel.HubListener;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.HubFleetView;
import dev.caravan.fleet.hub.HubService;
import dev.caravan.fleet.hub.SubmittedConfigs;
import dev.caravan.fleet.hub.WorkerMonitor;
import dev.caravan.fleet.hub.WorkersFile;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.JmsMessages;
import dev.caravan.fleet.jms.JmsQueueInspector;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a daemon has besides when it gives its runs to workers. */
final class HubComponents {

  /** The routes of a hub in place of those that execute runs. */
  static final List<String> ROUTES =
      List.of(
          "broker-errors",
          "hub-errors",
          "hub",
          "hub-outcome",
          "hub-watch",
          "hub-heartbeat",
          "hub-workers",
          "submit",
          "input-files");

  /** Where dispatch sends runs to, and who hears what became of them. */
  static final Map<Setting, String> QUEUES =
      Map.of(Setting.QUEUE_RUNS, "seda:hub-assign?waitForTaskToComplete=Never&size=100000");

  private final HubFleetView view;
  private final Map<String, Object> byName = new HashMap<>();

  /** The parts of the hub that has these objects and this broker. */
  HubComponents(
      Settings settings, DurableFiles files, Components beans, BrokerConnections brokerConnections)
      throws IOException {
    HubSide hub = beans.hub();
    Home home = new Home(settings.home());
    WorkerMonitor watch = watch(settings, HomeId.of(home, files), hub, brokerConnections);
    HubService desk =
        new HubService(
            home,
            files,
            hub.runs(),
            hub.changes(),
            watch,
            settings.bytes(Setting.RESULTS_MAX_SIZE),
            SharedFolder.of(settings.text(Setting.RESULTS_SHARED), home.root(), files));
    JmsMessages letters = new JmsMessages(brokerConnections.connections());
    ArchiveTransfer post = new ArchiveTransfer(brokerConnections.connections());
    this.view = new HubFleetView(desk, watch, hub.workers(), brokerConnections.depths());
    byName.put("jms", brokerConnections.jms());
    byName.put("hubService", desk);
    byName.put("hubListener", new HubListener(desk, watch, view, home, files, letters, post));
    byName.put("submissions", hub.intake(new SubmittedConfigs(home, files), letters));
    byName.put("workersFile", new WorkersFile(view, home, files));
    byName.put("broker-health", new BrokerHealth(watch));
  }

  private static WorkerMonitor watch(
      Settings settings, String id, HubSide hub, BrokerConnections brokerConnections) {
    return new WorkerMonitor(
        id,
        settings.duration(Setting.WORKER_HEARTBEAT),
        settings.duration(Setting.WORKER_LEASE),
        hub.workers(),
        new JmsQueueInspector(brokerConnections.connections()),
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
