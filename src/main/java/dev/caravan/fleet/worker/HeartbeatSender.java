package dev.caravan.fleet.worker;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.Durations;
import dev.caravan.fleet.hub.HubHeartbeat;
import dev.caravan.fleet.protocol.Heartbeat;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.run.RunStage;
import dev.caravan.storage.LocalHost;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates a worker's heartbeats and acts on the hub's, or on their absence. */
public final class HeartbeatSender {

  private static final int MAX_TEXT = 200;
  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);

  private final Identity identity;
  private final WorkerService workerService;
  private final RunStage runs;
  private final Supplier<Optional<String>> aiperfVersion;
  private final Supplier<Optional<String>> refusal;
  private final Duration lease;
  private final LongSupplier nanoTime;
  private long lastHubHeartbeat;
  private boolean disconnected;
  private volatile List<RunOrder> overdue = List.of();

  /**
   * What identifies a worker.
   *
   * @param id id of its home
   * @param pools the pools that it serves
   * @param slots how many runs it executes at the same time
   */
  public record Identity(String id, List<String> pools, int slots) {

    /** What the settings say of the worker with this id. */
    static Identity of(Settings settings, String id) {
      return new Identity(
          id, settings.list(Setting.WORKER_POOLS), settings.count(Setting.WORKERS, 1));
    }
  }

  /**
   * The sender of the worker with this id.
   *
   * @param refusal why it accepts no runs although it has an aiperf; empty while it accepts some
   */
  public static HeartbeatSender of(
      Settings settings,
      String id,
      WorkerService service,
      RunStage runs,
      AiperfFinder aiperf,
      Supplier<Optional<String>> refusal) {
    return new HeartbeatSender(
        Identity.of(settings, id),
        service,
        runs,
        aiperf::version,
        refusal,
        settings.duration(Setting.WORKER_LEASE),
        System::nanoTime);
  }

  /** Creates a sender that counts as having just received a hub heartbeat. */
  public HeartbeatSender(
      Identity identity,
      WorkerService workerService,
      RunStage runs,
      Supplier<Optional<String>> aiperfVersion,
      Supplier<Optional<String>> refusal,
      Duration lease,
      LongSupplier nanoTime) {
    this.identity = identity;
    this.workerService = workerService;
    this.runs = runs;
    this.aiperfVersion = aiperfVersion;
    this.refusal = refusal;
    this.lease = lease;
    this.nanoTime = nanoTime;
    this.lastHubHeartbeat = nanoTime.getAsLong();
  }

  /** The heartbeat to send now. */
  public Heartbeat heartbeat() throws IOException {
    return heartbeat(false);
  }

  /** The last heartbeat before shutdown. */
  public Heartbeat lastHeartbeat() throws IOException {
    return heartbeat(true);
  }

  private Heartbeat heartbeat(boolean leaving) throws IOException {
    return new Heartbeat(
        Heartbeat.SCHEMA,
        identity.id(),
        LocalHost.name(),
        identity.pools(),
        identity.slots(),
        aiperfVersion.get().orElse(""),
        workerService.holding(overdue()),
        workerService.hooks(),
        refusal.get().map(reason -> OneLine.line(reason, MAX_TEXT)).orElse(""),
        leaving);
  }

  private List<RunOrder> overdue() {
    List<RunOrder> now = runs.overdue();
    if (!now.equals(overdue)) {
      now.forEach(
          order ->
              LOG.error(
                  "{} hangs and could not be stopped; it is no longer reported to the hub",
                  order.runId()));
      overdue = now;
    }
    return now;
  }

  /** Processes a hub heartbeat: deletes recorded runs, cancels others. */
  public void hubHeartbeat(HubHeartbeat heartbeat) throws IOException {
    synchronized (this) {
      lastHubHeartbeat = nanoTime.getAsLong();
      disconnected = false;
    }
    for (String deliveryId : heartbeat.recorded()) {
      if (heartbeat.refused().contains(deliveryId)) {
        workerService.refused(deliveryId);
      } else {
        workerService.recorded(deliveryId);
      }
    }
    for (Map.Entry<String, String> entry : heartbeat.cancel().entrySet()) {
      Optional<RunOrder> order = workerService.unfinished(entry.getKey());
      order.ifPresent(run -> runs.cancel(run, entry.getValue()));
    }
  }

  /** Stops what is running when no hub heartbeat has come for a lease; call it every second. */
  public void checkLease() {
    boolean expired;
    synchronized (this) {
      expired = nanoTime.getAsLong() - lastHubHeartbeat > lease.toNanos();
      if (expired == disconnected) {
        return;
      }
      disconnected = expired;
    }
    String message = "no heartbeat from the hub for " + Durations.format(lease);
    LOG.warn(
        runs.interrupt(message)
            ? "Stopping what is running: {}"
            : "The hub is silent: {}; nothing starts here until one comes",
        message);
  }

  /** Whether a hub heartbeat came within the lease, so that runs may be accepted. */
  public synchronized boolean isConnected() {
    return !disconnected;
  }
}
