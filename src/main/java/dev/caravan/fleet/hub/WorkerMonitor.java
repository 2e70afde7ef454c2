package dev.caravan.fleet.hub;

import dev.caravan.config.text.Durations;
import dev.caravan.fleet.protocol.Heartbeat;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the hub hears of its workers, and which runs nobody names any more. Threadsafe. */
public final class WorkerMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerMonitor.class);

  private final String hub;
  private final Duration beat;
  private final Duration lease;
  private final Workers workers;
  private final Leases leases;
  private final QueueInspector queues;
  private final LongSupplier nanoTime;
  private final Set<String> recorded = new HashSet<>();
  private long lastLook;
  private boolean wasConnected;
  private Optional<Long> heardSelf = Optional.empty();

  /**
   * A watch that has heard of nobody yet.
   *
   * @param hub id of the hub's home
   * @param beat time between two heartbeats
   * @param lease how long a run may go unnamed
   */
  public WorkerMonitor(
      String hub,
      Duration beat,
      Duration lease,
      Workers workers,
      QueueInspector queues,
      LongSupplier nanoTime) {
    this.hub = hub;
    this.beat = beat;
    this.lease = lease;
    this.workers = workers;
    this.leases = new Leases(lease);
    this.queues = queues;
    this.nanoTime = nanoTime;
    this.lastLook = nanoTime.getAsLong();
  }

  /** A heartbeat of a worker came, as message text. */
  public void heard(String json) {
    Heartbeat heartbeat = Heartbeat.of(json);
    workers.heard(heartbeat);
    leases.named(heartbeat.holding());
  }

  /** A beat of a hub came; our own shows that the broker is there. */
  public synchronized void heardHub(String json) {
    if (HubHeartbeat.of(json).hub().equals(hub)) {
      heardSelf = Optional.of(nanoTime.getAsLong());
    } else {
      LOG.error("Another hub uses this broker; runs may be done by the wrong workers");
    }
  }

  /** Whether the broker answered lately. */
  public synchronized boolean connected() {
    long silence = 3 * beat.toNanos();
    return heardSelf.filter(at -> nanoTime.getAsLong() - at <= silence).isPresent();
  }

  String leaseWords() {
    return Durations.text(lease);
  }

  /** The flights that neither a worker nor the queue has. */
  List<InFlightRun> lost(Collection<InFlightRun> flights) {
    Duration passed;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      passed = Duration.ofNanos(now - lastLook);
      lastLook = now;
    }
    boolean connected = sayWhenItChanges();
    if (connected) {
      workers.forgetSilent();
    }
    // A hub that was frozen or cut off cannot tell what it missed.
    if (!connected || passed.compareTo(beat.multipliedBy(3)) > 0) {
      leases.restart();
      return List.of();
    }
    List<InFlightRun> lost = new ArrayList<>();
    for (InFlightRun inFlightRun : leases.passed(passed, flights)) {
      if (waits(inFlightRun)) { // even if a worker had it once: it may have given it back
        leases.waits(inFlightRun);
      } else {
        lost.add(inFlightRun);
      }
    }
    return lost;
  }

  private boolean sayWhenItChanges() {
    boolean now = connected();
    synchronized (this) {
      if (now && !wasConnected) {
        LOG.info("The broker answers");
      } else if (!now && wasConnected) {
        LOG.error("The broker does not answer; runs under way go on, nothing else does");
      }
      wasConnected = now;
    }
    return now;
  }

  private boolean waits(InFlightRun inFlightRun) {
    try {
      return queues.holds(inFlightRun.pool(), inFlightRun.deliveryId());
    } catch (IOException e) {
      LOG.warn("Could not look into the queue of pool {}: {}", inFlightRun.pool(), e.toString());
      return true;
    }
  }

  synchronized void recorded(String deliveryId) {
    recorded.add(deliveryId);
  }

  synchronized HubHeartbeat heartbeat(List<InFlightRun> cancelled) {
    Set<String> said = Set.copyOf(recorded);
    recorded.clear();
    Map<String, String> cancel =
        cancelled.stream().collect(Collectors.toMap(InFlightRun::deliveryId, f -> "cancelled"));
    return new HubHeartbeat(HubHeartbeat.SCHEMA, hub, cancel, said);
  }
}
