package dev.caravan.fleet.hub;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a hub knows of its workers and pools. Threadsafe. */
public final class HubFleetView implements FleetView {

  private static final Logger LOG = LoggerFactory.getLogger(HubFleetView.class);

  private final HubService desk;
  private final WorkerMonitor watch;
  private final Workers workers;
  private final QueueDepths queues;
  private final AtomicLong redelivered = new AtomicLong();

  /** The view of the hub with this desk. */
  public HubFleetView(HubService desk, WorkerMonitor watch, Workers workers, QueueDepths queues) {
    this.desk = desk;
    this.watch = watch;
    this.workers = workers;
    this.queues = queues;
  }

  @Override
  public boolean isHub() {
    return true;
  }

  @Override
  public List<WorkerView> workers() {
    return workers.views(desk::runOf);
  }

  @Override
  public List<PoolView> pools() {
    Map<String, Long> underway =
        desk.underway().stream()
            .collect(Collectors.groupingBy(InFlightRun::pool, Collectors.counting()));
    Collection<String> pools = new TreeSet<>(workers.poolsSeen());
    pools.addAll(underway.keySet());
    Map<String, QueueState> states = states(pools);
    return pools.stream()
        .map(
            pool ->
                new PoolView(
                    pool,
                    workers.count(pool),
                    workers.slots(pool),
                    underway.getOrDefault(pool, 0L).intValue(),
                    Optional.ofNullable(states.get(pool))))
        .toList();
  }

  private Map<String, QueueState> states(Collection<String> pools) {
    try {
      return watch.connected() ? queues.of(pools) : Map.of();
    } catch (IOException e) {
      LOG.debug("The broker does not tell how its queues are", e);
      return Map.of();
    }
  }

  @Override
  public long lost() {
    return desk.lostSoFar();
  }

  /** A message came that had come before. */
  public void redelivery() {
    redelivered.incrementAndGet();
  }

  @Override
  public long redelivered() {
    return redelivered.get();
  }
}
