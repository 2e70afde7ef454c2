package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.storage.Tree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A daemon that shares its work over a broker: a hub, a worker, or both. */
final class FleetDaemon implements Extras, AutoCloseable {

  private static final String STOP = "Caravan was told to stop";

  private final Settings settings;
  private final Tree tree;
  private final Fleet fleet;
  private final boolean works;
  private FleetView view = FleetView.NONE;
  private Optional<WorkerApp> worker = Optional.empty();

  /** One whose broker is there, or looked for. */
  FleetDaemon(Settings settings, Tree tree, Brokerage brokerage) throws IOException {
    this.settings = settings;
    this.tree = tree;
    this.works = brokerage.worker();
    this.fleet = Fleet.open(brokerage, settings);
  }

  @Override
  public Map<String, Object> beans(Beans beans) throws IOException {
    HubParts hub = new HubParts(settings, tree, beans, fleet);
    view = hub.view();
    return hub.byName();
  }

  @Override
  public FleetView view() {
    return view;
  }

  @Override
  public List<String> routes(List<String> alone) {
    List<String> routes = new ArrayList<>(alone);
    routes.removeAll(List.of("runs", "probe", "silence"));
    routes.addAll(HubParts.ROUTES);
    return routes;
  }

  @Override
  public Map<Setting, String> queues() {
    return HubParts.QUEUES;
  }

  @Override
  public void started() throws IOException {
    if (works) {
      WorkerApp started = new WorkerApp(settings, new WorkerBeans(settings, tree), fleet);
      started.start();
      worker = Optional.of(started);
    }
  }

  @Override
  public void stopping() throws InterruptedException {
    if (worker.isPresent()) {
      worker.get().stop(settings.duration(Setting.SHUTDOWN_DRAIN), STOP);
    }
  }

  @Override
  public void close() throws IOException {
    fleet.close();
  }
}
