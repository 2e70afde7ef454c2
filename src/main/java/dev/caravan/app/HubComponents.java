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

/** The objects of a hub, in addition to {@link Components}. */
final class HubComponents {

  /** The route files of a hub, which replace those that execute runs. */
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

  /** The queue to which dispatch sends runs. */
  static final Map<Setting, String> QUEUES =
      Map.of(Setting.QUEUE_RUNS, "seda:hub-assign?waitForTaskToComplete=Never&size=100000");

  private final HubFleetView view;
  private final Map<String, Object> byName = new HashMap<>();

  /** Creates the objects of a hub on top of these components. */
  HubComponents(
      Settings settings,
      DurableFiles files,
      Components components,
      BrokerConnections brokerConnections)
      throws IOException {
    HubDependencies hub = components.hubDependencies();
    Home home = new Home(settings.home());
    WorkerMonitor monitor = monitor(settings, HomeId.of(home, files), hub, brokerConnections);
    HubService hubService =
        new HubService(
            home,
            files,
            hub.runs(),
            hub.listener(),
            monitor,
            settings.bytes(Setting.RESULTS_MAX_SIZE),
            SharedFolder.of(settings.text(Setting.RESULTS_SHARED), home.root(), files));
    JmsMessages jmsMessages = new JmsMessages(brokerConnections.connectionFactory());
    ArchiveTransfer archiveTransfer = new ArchiveTransfer(brokerConnections.connectionFactory());
    this.view =
        new HubFleetView(hubService, monitor, hub.workers(), brokerConnections.queueDepths());
    byName.put("jms", brokerConnections.jmsComponent());
    byName.put("hubService", hubService);
    byName.put(
        "hubListener",
        new HubListener(hubService, monitor, view, home, files, jmsMessages, archiveTransfer));
    byName.put(
        "submissions", hub.submissionListener(new SubmittedConfigs(home, files), jmsMessages));
    byName.put("workersFile", new WorkersFile(view, home, files));
    byName.put("broker-health", new BrokerHealth(monitor));
  }

  private static WorkerMonitor monitor(
      Settings settings, String id, HubDependencies hub, BrokerConnections brokerConnections) {
    return new WorkerMonitor(
        id,
        settings.duration(Setting.WORKER_HEARTBEAT),
        settings.duration(Setting.WORKER_LEASE),
        hub.workers(),
        new JmsQueueInspector(brokerConnections.connectionFactory()),
        System::nanoTime);
  }

  /** The beans that the hub's routes call, by name. */
  Map<String, Object> byName() {
    return byName;
  }

  /** The view of the hub's workers. */
  FleetView view() {
    return view;
  }
}
