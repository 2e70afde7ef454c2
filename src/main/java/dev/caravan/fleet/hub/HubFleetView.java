package dev.caravan.fleet.hub;

import dev.caravan.pipeline.dispatch.DaemonStatus;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers and pools of a hub. Thread-safe. */
public final class HubFleetView implements FleetView {

  private static final Logger LOG = LoggerFactory.getLogger(HubFleetView.class);

  private final HubService hubService;
  private final WorkerMonitor monitor;
  private final Workers workers;
  private final QueueDepths queues;
  private final AtomicLong redelivered = new AtomicLong();

  /** Creates the view of a hub. */
  public HubFleetView(
      HubService hubService, WorkerMonitor monitor, Workers workers, QueueDepths queues) {
    this.hubService = hubService;
    this.monitor = monitor;
    this.workers = workers;
    this.queues = queues;
  }

  @Override
  public boolean isHub() {
    return true;
  }

  @Override
  public List<WorkerView> workers() {
    return workers.views(hubService::runOf);
  }

  /** Without the broker no worker can say what it has, so nothing is known to wait. */
  @Override
  public DaemonStatus seen(DaemonStatus status) {
    if (!monitor.connected()) {
      return status;
    }
    Set<String> held = workers.held();
    return status.withTaken(
        hubService.inFlight().stream()
            .filter(run -> held.contains(run.deliveryId()))
            .map(run -> run.order().runKey())
            .collect(Collectors.toSet()));
  }

  @Override
  public List<PoolView> pools() {
    Map<String, Long> inFlight =
        hubService.inFlight().stream()
            .collect(Collectors.groupingBy(InFlightRun::pool, Collectors.counting()));
    Collection<String> pools = new TreeSet<>(workers.knownPools());
    pools.addAll(inFlight.keySet());
    Map<String, QueueState> states = states(pools);
    return pools.stream()
        .map(
            pool ->
                new PoolView(
                    pool,
                    workers.count(pool),
                    workers.slots(pool),
                    inFlight.getOrDefault(pool, 0L).intValue(),
                    Optional.ofNullable(states.get(pool))))
        .toList();
  }

  private Map<String, QueueState> states(Collection<String> pools) {
    try {
      return monitor.connected() ? queues.of(pools) : Map.of();
    } catch (IOException e) {
      LOG.debug("Could not read the queue depths from the broker", e);
      return Map.of();
    }
  }

  @Override
  public long lost() {
    return hubService.lostCount();
  }

  /** Counts a message that the broker redelivered. */
  public void countRedelivery() {
    redelivered.incrementAndGet();
  }

  @Override
  public long redelivered() {
    return redelivered.get();
  }
}
