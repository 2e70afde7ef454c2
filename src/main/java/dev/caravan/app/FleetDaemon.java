package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.FleetView;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A daemon that shares its work over a broker: a hub, a worker, or both. */
final class FleetDaemon implements Extras, AutoCloseable {

  private static final String STOP = "Caravan was told to stop";

  private final Settings settings;
  private final DurableFiles files;
  private final BrokerConnections brokerConnections;
  private final boolean works;
  private FleetView view = FleetView.NONE;
  private Optional<Worker> worker = Optional.empty();

  /** One whose broker is there, or looked for. */
  FleetDaemon(Settings settings, DurableFiles files, BrokerSettings brokerSettings)
      throws IOException {
    this.settings = settings;
    this.files = files;
    this.works = brokerSettings.worker();
    this.brokerConnections = BrokerConnections.open(brokerSettings, settings);
  }

  @Override
  public Map<String, Object> beans(Components beans) throws IOException {
    HubComponents hub = new HubComponents(settings, files, beans, brokerConnections);
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
    routes.removeAll(List.of("runs", "probe", "order-timeouts"));
    routes.addAll(HubComponents.ROUTES);
    return routes;
  }

  @Override
  public Map<Setting, String> queues() {
    return HubComponents.QUEUES;
  }

  @Override
  public void started() throws IOException {
    if (works) {
      Worker started =
          new Worker(settings, new WorkerComponents(settings, files), brokerConnections);
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
    brokerConnections.close();
  }
}
