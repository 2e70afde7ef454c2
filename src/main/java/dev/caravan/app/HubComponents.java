package dev.caravan.app;

import dev.caravan.app.camel.BrokerComponent;
import dev.caravan.app.camel.BrokerHealth;
import dev.caravan.app.camel.HubListener;
import dev.caravan.app.camel.RouteSet;
import dev.caravan.app.camel.SubmissionListener;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.ArchiveUnpacker;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.HubFleetView;
import dev.caravan.fleet.hub.HubMessages;
import dev.caravan.fleet.hub.HubService;
import dev.caravan.fleet.hub.WorkerMonitor;
import dev.caravan.fleet.hub.WorkersFile;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.BrokerConnections;
import dev.caravan.fleet.jms.JmsMessages;
import dev.caravan.fleet.jms.JmsQueueInspector;
import dev.caravan.pipeline.dispatch.StatusFile;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a hub adds to {@link Components}. */
final class HubComponents {

  /** The route files of a hub, which replace those that execute runs. */
  private static final List<String> ROUTES =
      List.of(
          "hub-errors",
          "hub",
          "hub-outcome",
          "hub-watch",
          "hub-heartbeat",
          "hub-workers",
          "submit",
          "input-files");

  private static final List<String> REPLACED = List.of("runs", "probe", "order-timeouts");

  /** The queue to which dispatch sends runs. */
  private static final Map<Setting, String> QUEUES =
      Map.of(Setting.QUEUE_RUNS, "seda:hub-assign?waitForTaskToComplete=Never&size=100000");

  private final HubFleetView view;
  private final Map<String, Object> beans;

  /** Creates the parts of a hub on top of these components. */
  HubComponents(
      Settings settings,
      DurableFiles files,
      Components components,
      SubmissionComponents submissions,
      BrokerConnections broker)
      throws IOException {
    Home home = new Home(settings.home());
    JmsMessages messages = new JmsMessages(broker.connectionFactory());
    ArchiveTransfer archives = new ArchiveTransfer(broker.connectionFactory());
    WorkerMonitor monitor =
        WorkerMonitor.of(
            settings,
            components.owner().home(),
            components.workers(),
            new JmsQueueInspector(broker.connectionFactory()));
    HubService service =
        new HubService(
            home,
            files,
            new RemoteRuns(components.tree()),
            components.listeners(),
            monitor,
            ArchiveUnpacker.of(settings, files));
    view = new HubFleetView(service, monitor, components.workers(), broker.queueDepths());
    beans =
        Map.of(
            "jms",
            BrokerComponent.of(broker),
            "hubService",
            service,
            "hubMessages",
            new HubMessages(),
            "hubListener",
            new HubListener(service, monitor, view, home, files, messages, archives),
            "submissions",
            new SubmissionListener(submissions.submissions(), messages),
            "workersFile",
            new WorkersFile(view, home, files),
            "statusFile", // tells which runs the workers have, unlike that of dispatch alone
            new StatusFile(() -> view.seen(components.dispatch().status()), home, files),
            "broker-health",
            new BrokerHealth(monitor));
  }

  /** The beans that the hub's routes call, by name. */
  Map<String, Object> byName() {
    return beans;
  }

  /** The view of the hub's workers. */
  FleetView view() {
    return view;
  }

  /** The routes of a hub, in place of those of a daemon that works alone. */
  RouteSet routes(RouteSet alone) {
    return routes(alone, beans);
  }

  /** The routes of a hub with these additional beans. */
  static RouteSet routes(RouteSet alone, Map<String, Object> beans) {
    List<String> files = new ArrayList<>(alone.files());
    files.removeAll(REPLACED);
    files.addAll(ROUTES);
    Map<String, Object> all = new HashMap<>(alone.beans());
    all.putAll(beans);
    return new RouteSet(files, all, QUEUES, alone.addsRoutes());
  }
}
