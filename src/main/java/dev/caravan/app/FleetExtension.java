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

/** Makes a daemon a hub, a worker, or both, connected by a broker. */
final class FleetExtension implements DaemonExtension, AutoCloseable {

  private static final String STOP_REASON = "Caravan was told to stop";

  private final Settings settings;
  private final DurableFiles files;
  private final BrokerConnections brokerConnections;
  private final boolean executes;
  private FleetView view = FleetView.NONE;
  private Optional<Worker> worker = Optional.empty();

  /** Starts the broker if it is embedded. */
  FleetExtension(Settings settings, DurableFiles files, BrokerSettings brokerSettings)
      throws IOException {
    this.settings = settings;
    this.files = files;
    this.executes = brokerSettings.worker();
    this.brokerConnections = BrokerConnections.open(brokerSettings, settings);
  }

  @Override
  public Map<String, Object> beans(Components components) throws IOException {
    HubComponents hub = new HubComponents(settings, files, components, brokerConnections);
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
    if (executes) {
      Worker started =
          new Worker(settings, new WorkerComponents(settings, files), brokerConnections);
      started.start();
      worker = Optional.of(started);
    }
  }

  @Override
  public void stopping() throws InterruptedException {
    if (worker.isPresent()) {
      worker.get().stop(settings.duration(Setting.SHUTDOWN_DRAIN), STOP_REASON);
    }
  }

  @Override
  public void close() throws IOException {
    brokerConnections.close();
  }
}
