package dev.caravan.fleet.hub;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.Plural;
import dev.caravan.fleet.protocol.Heartbeat;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.storage.JsonTimes;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers with a recent heartbeat. Thread-safe. */
public final class Workers {

  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

  /** A worker is lost without a heartbeat for this many intervals. */
  private static final int MAX_INTERVALS = 3;

  private record Entry(Heartbeat heartbeat, long nanos, OffsetDateTime at) {}

  private final PipelineListeners listeners;
  private final Duration timeout;
  private final LongSupplier nanoTime;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Set<String> knownPools = new TreeSet<>();

  /** An empty list; workers are lost after three heartbeats of the settings. */
  public static Workers of(Settings settings, PipelineListeners listeners) {
    return new Workers(
        settings.duration(Setting.WORKER_HEARTBEAT).multipliedBy(MAX_INTERVALS),
        System::nanoTime,
        listeners);
  }

  /**
   * Creates an empty list of workers.
   *
   * @param timeout time without a heartbeat after which a worker counts as lost
   * @param nanoTime the monotonic clock
   * @param listeners are notified when workers join and leave
   */
  public Workers(Duration timeout, LongSupplier nanoTime, PipelineListeners listeners) {
    this.listeners = listeners;
    this.timeout = timeout;
    this.nanoTime = nanoTime;
  }

  synchronized void update(Heartbeat heartbeat) {
    boolean known = entries.containsKey(heartbeat.worker());
    if (heartbeat.leaving()) {
      if (entries.remove(heartbeat.worker()) != null) {
        LOG.info("Worker {} on {} left", heartbeat.worker(), heartbeat.host());
        listeners.publish(new PipelineChange.WorkerLost(heartbeat.worker(), "stopped"));
      }
      return;
    }
    entries.put(
        heartbeat.worker(), new Entry(heartbeat, nanoTime.getAsLong(), OffsetDateTime.now()));
    knownPools.addAll(heartbeat.pools());
    if (!known) {
      LOG.info(
          "Worker {} on {} joined: {}, pools {}, aiperf {}",
          heartbeat.worker(),
          heartbeat.host(),
          Plural.of(heartbeat.slots(), "slot"),
          heartbeat.pools(),
          heartbeat.aiperf().isEmpty() ? "none" : heartbeat.aiperf());
      listeners.publish(new PipelineChange.WorkerJoined(heartbeat.worker(), heartbeat.pools()));
    }
  }

  /** How many runs of this pool the workers can execute at the same time. */
  public synchronized int slots(String pool) {
    return serving(pool).mapToInt(Heartbeat::slots).sum();
  }

  /** How many workers can execute runs of this pool. */
  synchronized int count(String pool) {
    return (int) serving(pool).count();
  }

  private Stream<Heartbeat> serving(String pool) {
    removeSilent();
    return entries.values().stream()
        .map(Entry::heartbeat)
        .filter(worker -> worker.pools().contains(pool) && worker.whyNoRuns().isEmpty());
  }

  /** The pools that have had a worker since the start. */
  synchronized Set<String> knownPools() {
    return Set.copyOf(knownPools);
  }

  /**
   * The current workers, sorted by host and id.
   *
   * @param runOf maps a delivery id to the run id while that run is in flight
   */
  List<WorkerView> views(Function<String, Optional<String>> runOf) {
    return present().stream()
        .map(worker -> view(worker, runOf))
        .sorted(Comparator.comparing(WorkerView::host).thenComparing(WorkerView::id))
        .toList();
  }

  /** Delivery ids of the runs that the current workers hold. */
  Set<String> held() {
    return present().stream()
        .flatMap(worker -> worker.heartbeat().holding().stream())
        .collect(Collectors.toSet());
  }

  private synchronized List<Entry> present() {
    removeSilent();
    return List.copyOf(entries.values());
  }

  private static WorkerView view(Entry worker, Function<String, Optional<String>> runOf) {
    Heartbeat heartbeat = worker.heartbeat();
    Map<String, String> hooks = new HashMap<>();
    heartbeat
        .hooks()
        .forEach((delivery, hook) -> runOf.apply(delivery).ifPresent(run -> hooks.put(run, hook)));
    return new WorkerView(
        heartbeat.worker(),
        heartbeat.host() == null ? "" : heartbeat.host(),
        heartbeat.pools(),
        heartbeat.slots(),
        heartbeat.aiperf() == null ? "" : heartbeat.aiperf(),
        heartbeat.holding().stream().map(runOf).flatMap(Optional::stream).sorted().toList(),
        hooks,
        heartbeat.whyNoRuns().orElse(""),
        JsonTimes.text(worker.at()));
  }

  /** Removes workers whose last heartbeat is too old. */
  synchronized void removeSilent() {
    long now = nanoTime.getAsLong();
    entries
        .values()
        .removeIf(
            worker -> {
              boolean silent = now - worker.nanos() > timeout.toNanos();
              if (silent) {
                LOG.warn(
                    "Worker {} on {} sends no heartbeats",
                    worker.heartbeat().worker(),
                    worker.heartbeat().host());
                listeners.publish(
                    new PipelineChange.WorkerLost(worker.heartbeat().worker(), "no heartbeat"));
              }
              return silent;
            });
  }
}
