package dev.caravan.fleet.worker;

import dev.caravan.config.text.Durations;
import dev.caravan.fleet.hub.HubHeartbeat;
import dev.caravan.fleet.protocol.Heartbeat;
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

/** A worker's signs of life, and what it does when it hears from the hub, or does not. */
public final class HeartbeatSender {

  private static final Logger LOG = LoggerFactory.getLogger(HeartbeatSender.class);

  private final Identity identity;
  private final WorkerService desk;
  private final RunStage runs;
  private final Supplier<Optional<String>> aiperfVersion;
  private final Duration lease;
  private final LongSupplier nanoTime;
  private long heardHub;
  private boolean deaf;
  private volatile List<String> hanging = List.of();

  /**
   * Who a worker is.
   *
   * @param id its id
   * @param pools which runs it takes
   * @param slots how many at once
   */
  public record Identity(String id, List<String> pools, int slots) {}

  /** A pulse that has just heard the hub. */
  public HeartbeatSender(
      Identity identity,
      WorkerService desk,
      RunStage runs,
      Supplier<Optional<String>> aiperfVersion,
      Duration lease,
      LongSupplier nanoTime) {
    this.identity = identity;
    this.desk = desk;
    this.runs = runs;
    this.aiperfVersion = aiperfVersion;
    this.lease = lease;
    this.nanoTime = nanoTime;
    this.heardHub = nanoTime.getAsLong();
  }

  /** The heartbeat to send now, as message text. */
  public String heartbeat() throws IOException {
    return heartbeat(false);
  }

  /** The last heartbeat, as message text. */
  public String farewell() throws IOException {
    return heartbeat(true);
  }

  private String heartbeat(boolean leaving) throws IOException {
    return new Heartbeat(
            Heartbeat.SCHEMA,
            identity.id(),
            LocalHost.name(),
            identity.pools(),
            identity.slots(),
            aiperfVersion.get().orElse(""),
            desk.holding(hanging()),
            leaving)
        .json();
  }

  private List<String> hanging() {
    List<String> now = runs.overdue();
    if (!now.equals(hanging)) {
      now.forEach(
          run -> LOG.error("{} hangs and no limit can end it; the hub is told no more", run));
      hanging = now;
    }
    return now;
  }

  /** The hub said something, as message text. */
  public void heardHub(String json) throws IOException {
    HubHeartbeat beat = HubHeartbeat.of(json);
    synchronized (this) {
      heardHub = nanoTime.getAsLong();
      deaf = false;
    }
    for (String deliveryId : beat.recorded()) {
      desk.recorded(deliveryId);
    }
    for (Map.Entry<String, String> each : beat.cancel().entrySet()) {
      Optional<String> run = desk.runId(each.getKey());
      run.ifPresent(id -> runs.cancel(id, each.getValue()));
    }
  }

  /** Ends what is running when the hub has not been heard for a lease; call it every second. */
  public void checkLease() {
    boolean now;
    synchronized (this) {
      now = nanoTime.getAsLong() - heardHub > lease.toNanos();
      if (now == deaf) {
        return;
      }
      deaf = now;
    }
    String message = "no hub was heard for " + Durations.text(lease);
    LOG.warn("Ending what is running: {}", message);
    runs.interrupt(message);
  }

  /** Whether the hub was heard lately, so that runs may be taken. */
  public synchronized boolean hearsHub() {
    return !deaf;
  }
}
