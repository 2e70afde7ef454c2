package dev.caravan.app.camel;

import dev.caravan.fleet.hub.HubHeartbeat;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.worker.HeartbeatSender;
import dev.caravan.fleet.worker.WorkerService;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RepeatedTrouble;
import dev.caravan.storage.StateFolder;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the outcomes of runs to the hub, and resends them until the hub has recorded them. */
public final class OutcomeSender {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeSender.class);
  private static final long RESEND_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final WorkerService service;
  private final HeartbeatSender heartbeats;
  private final ArchiveTransfer transfer;
  private final Path outgoing;
  private final Map<String, Long> sent = new HashMap<>();
  private final LongSupplier nanoTime;
  private final RepeatedTrouble outages;

  /** Whether the broker has delivered something since the last try, so that it is there again. */
  private final AtomicBoolean heard = new AtomicBoolean();

  /** Creates a sender; {@code nanoTime} is a monotonic clock. */
  public OutcomeSender(
      WorkerService service,
      HeartbeatSender heartbeats,
      ArchiveTransfer transfer,
      Home home,
      DurableFiles files,
      LongSupplier nanoTime)
      throws IOException {
    this.service = service;
    this.heartbeats = heartbeats;
    this.transfer = transfer;
    this.outgoing = StateFolder.OUTGOING.in(home);
    this.nanoTime = nanoTime;
    this.outages = new RepeatedTrouble(nanoTime);
    files.createEmpty(outgoing);
  }

  /** Receives a hub heartbeat. */
  public void hubHeartbeat(Message message) throws IOException, JMSException {
    heard.set(true);
    try {
      heartbeats.hubHeartbeat(HubListener.read(message, HubHeartbeat.class));
    } catch (IllegalArgumentException e) {
      LOG.warn("Invalid message in {}: {}", Destinations.HUB, e.getMessage());
    }
  }

  /**
   * Sends the outcomes that are due. While the broker takes none, they stay due; that is said once.
   * The next try waits ever longer, since it packs the outcome first, beside what is measured.
   */
  public synchronized void send() throws IOException {
    if (!heard.getAndSet(false) && !outages.isDue(Destinations.OUTCOMES)) {
      return;
    }
    List<String> finished = service.finished();
    sent.keySet().retainAll(finished);
    for (String deliveryId : finished) {
      Long lastSent = sent.get(deliveryId);
      if (lastSent == null || nanoTime.getAsLong() - lastSent > RESEND_NANOS) {
        if (!send(deliveryId)) {
          return; // nor does it take the others
        }
        sent.put(deliveryId, nanoTime.getAsLong());
      }
    }
  }

  private boolean send(String deliveryId) throws IOException {
    Path archive = outgoing.resolve(deliveryId + ".zip");
    try {
      return !pack(deliveryId, archive) || isTaken(archive);
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  /** Sends an outcome; whether the broker took it. */
  private boolean isTaken(Path archive) {
    try {
      transfer.send(archive, Destinations.OUTCOMES);
    } catch (IOException e) {
      LOG.debug("Could not send an outcome", e);
      if (outages.add(Destinations.OUTCOMES, "")) {
        LOG.warn(
            "Could not send an outcome to the hub; it is kept and sent again: {}", e.getMessage());
      }
      return false;
    }
    if (outages.over(Destinations.OUTCOMES)) {
      LOG.info("Sending outcomes again");
    }
    return true;
  }

  /** Writes the archive; a failure must not keep the other outcomes from being sent. */
  private boolean pack(String deliveryId, Path archive) {
    try (OutputStream out = Files.newOutputStream(archive)) {
      service.pack(deliveryId, out);
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("Could not pack the outcome of {}: {}", deliveryId, e.toString());
      return false;
    }
  }
}
