package dev.caravan.fleet.hub;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.Durations;
import dev.caravan.fleet.protocol.Heartbeat;
import dev.caravan.storage.RepeatedTrouble;
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
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Processes the heartbeats that reach the hub and finds runs that no worker holds. Thread-safe. */
public final class WorkerMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerMonitor.class);

  /** Time in which a worker notices the end of its lease, and SIGKILL ends what SIGINT did not. */
  private static final Duration KILL_TIME = Duration.ofSeconds(5);

  private final String hub;
  private final Duration heartbeatInterval;
  private final Duration lostAfter;
  private final Workers workers;
  private final Leases leases;
  private final QueueInspector queues;
  private final LongSupplier nanoTime;
  private final RepeatedTrouble otherHubs;
  private final Set<String> recorded = new HashSet<>();

  private long lastCheck;
  private boolean wasConnected;
  private Optional<Long> lastOwnHeartbeat = Optional.empty();
  private Optional<Long> lastOtherHeartbeat = Optional.empty();

  /** A monitor by these settings. */
  public static WorkerMonitor of(
      Settings settings, String hub, Workers workers, QueueInspector queues) {
    return new WorkerMonitor(
        hub,
        settings.duration(Setting.WORKER_HEARTBEAT),
        lostAfter(settings),
        workers,
        queues,
        System::nanoTime);
  }

  /**
   * When a run that no worker reports counts as lost: once a worker that is merely cut off has
   * ended it, so that no two benchmarks load one target. Such a worker ends it a lease after the
   * last heartbeat that it got, up to an interval after the last one that it sent.
   */
  private static Duration lostAfter(Settings settings) {
    return settings
        .duration(Setting.WORKER_LEASE)
        .plus(settings.duration(Setting.WORKER_HEARTBEAT))
        .plus(settings.duration(Setting.AIPERF_INTERRUPT_GRACE))
        .plus(KILL_TIME);
  }

  /**
   * Creates a monitor without any heartbeat yet.
   *
   * @param hub id of the hub's home
   * @param heartbeatInterval time between two heartbeats of one sender
   * @param lostAfter time after which a run that no worker reports counts as lost
   */
  public WorkerMonitor(
      String hub,
      Duration heartbeatInterval,
      Duration lostAfter,
      Workers workers,
      QueueInspector queues,
      LongSupplier nanoTime) {
    this.hub = hub;
    this.heartbeatInterval = heartbeatInterval;
    this.lostAfter = lostAfter;
    this.workers = workers;
    this.leases = new Leases(lostAfter);
    this.queues = queues;
    this.nanoTime = nanoTime;
    this.otherHubs = new RepeatedTrouble(nanoTime);
    this.lastCheck = nanoTime.getAsLong();
  }

  /** Processes a worker's heartbeat. */
  public void workerHeartbeat(Heartbeat heartbeat) {
    workers.update(heartbeat);
    leases.renew(heartbeat.holding());
  }

  /** Processes a hub's heartbeat; the hub's own proves that the broker is reachable. */
  public synchronized void hubHeartbeat(HubHeartbeat heartbeat) {
    if (heartbeat.hub().equals(hub)) {
      lastOwnHeartbeat = Optional.of(nanoTime.getAsLong());
      return;
    }
    lastOtherHeartbeat = Optional.of(nanoTime.getAsLong());
    if (otherHubs.add(heartbeat.hub(), "")) {
      LOG.error(
          "Another hub uses this broker: its workers may receive this hub's runs, and it takes"
              + " heartbeats from this one, so that no run counts as lost while it does");
    }
  }

  /** Whether the hub's own heartbeat came back from the broker recently. */
  public synchronized boolean connected() {
    return isRecent(lastOwnHeartbeat);
  }

  /** Whether another hub has used this broker recently. */
  synchronized boolean sharesBroker() {
    return isRecent(lastOtherHeartbeat);
  }

  private boolean isRecent(Optional<Long> heartbeat) {
    long silence = 3 * heartbeatInterval.toNanos();
    return heartbeat.filter(at -> nanoTime.getAsLong() - at <= silence).isPresent();
  }

  String lostAfterText() {
    return Durations.format(lostAfter);
  }

  /** The runs that neither a worker nor the queue holds; call it every second. */
  List<InFlightRun> expired(Collection<InFlightRun> inFlightRuns) {
    Duration elapsed;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      elapsed = Duration.ofNanos(now - lastCheck);
      lastCheck = now;
    }
    boolean connected = logConnectionChange();
    if (connected) {
      workers.removeSilent();
    }
    // A hub that was frozen or disconnected, or has another beside it, cannot know which it missed.
    if (!connected || sharesBroker() || elapsed.compareTo(heartbeatInterval.multipliedBy(3)) > 0) {
      leases.renewAll();
      return List.of();
    }
    List<InFlightRun> expired = new ArrayList<>();
    for (InFlightRun inFlightRun : leases.expired(elapsed, inFlightRuns)) {
      if (isQueued(inFlightRun)) { // a worker may also have returned it to the queue
        leases.renew(inFlightRun);
      } else {
        expired.add(inFlightRun);
      }
    }
    return expired;
  }

  private boolean logConnectionChange() {
    boolean now = connected();
    synchronized (this) {
      if (now && !wasConnected) {
        LOG.info("Connected to the broker");
      } else if (!now && wasConnected) {
        LOG.error(
            "The broker does not respond; running benchmarks continue, everything else waits");
      }
      wasConnected = now;
    }
    return now;
  }

  private boolean isQueued(InFlightRun inFlightRun) {
    try {
      return queues.contains(inFlightRun.pool(), inFlightRun.deliveryId());
    } catch (IOException e) {
      LOG.warn("Could not browse the queue of pool {}: {}", inFlightRun.pool(), e.toString());
      return true;
    }
  }

  synchronized void recorded(String deliveryId) {
    recorded.add(deliveryId);
  }

  /**
   * The heartbeat to send now.
   *
   * @param isRefused whether the files of a recorded delivery were not taken
   */
  synchronized HubHeartbeat heartbeat(List<InFlightRun> cancelled, Predicate<String> isRefused) {
    Set<String> newlyRecorded = Set.copyOf(recorded);
    recorded.clear();
    Map<String, String> cancel =
        cancelled.stream().collect(Collectors.toMap(InFlightRun::deliveryId, run -> "cancelled"));
    Set<String> newlyRefused = newlyRecorded.stream().filter(isRefused).collect(Collectors.toSet());
    return new HubHeartbeat(HubHeartbeat.SCHEMA, hub, cancel, newlyRecorded, newlyRefused);
  }
}
