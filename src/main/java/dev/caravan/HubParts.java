package dev.caravan;

import dev.caravan.batch.Home;
import dev.caravan.batch.HomeId;
import dev.caravan.batch.Tree;
import dev.caravan.broker.JmsQueueView;
import dev.caravan.broker.Letters;
import dev.caravan.broker.ParcelPost;
import dev.caravan.config.Setting;
import dev.caravan.config.Settings;
import dev.caravan.remote.HubDesk;
import dev.caravan.remote.HubWatch;
import dev.caravan.remote.SharedFolder;
import dev.caravan.remote.Submissions;
import java.io.IOException;
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
          "intake",
          "files");

  /** Where dispatch sends runs to, and who hears what became of them. */
  static final Map<Setting, String> QUEUES =
      Map.of(Setting.QUEUE_RUNS, "seda:hub-assign?waitForTaskToComplete=Never&size=100000");

  private HubParts() {}

  /** What the hub's routes call by name. */
  static Map<String, Object> byName(Settings settings, Tree tree, Beans beans, Fleet fleet)
      throws IOException {
    HubSide hub = beans.hub();
    Home home = new Home(settings.home());
    HubWatch watch =
        new HubWatch(
            HomeId.of(home, tree),
            settings.duration(Setting.WORKER_HEARTBEAT),
            settings.duration(Setting.WORKER_LEASE),
            hub.workers(),
            new JmsQueueView(fleet.connections()),
            System::nanoTime);
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
    return Map.of(
        "jms",
        fleet.jms(),
        "hub",
        desk,
        "hubMail",
        new HubMail(desk, watch, home, tree, letters, new ParcelPost(fleet.connections())),
        "intake",
        hub.intake(new Submissions(home, tree), letters),
        "broker-health",
        new BrokerHealth(watch));
  }
}
