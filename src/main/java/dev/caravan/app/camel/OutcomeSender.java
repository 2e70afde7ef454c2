package dev.caravan.app.camel;

import dev.caravan.fleet.hub.HubHeartbeat;
import dev.caravan.fleet.jms.BrokerWait;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.worker.HeartbeatSender;
import dev.caravan.fleet.worker.HubClock;
import dev.caravan.fleet.worker.WorkerService;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Leftovers;
import dev.caravan.storage.RepeatedTrouble;
import dev.caravan.storage.StateFolder;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the outcomes of runs to the hub, and resends them until the hub has recorded them. */
public final class OutcomeSender {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeSender.class);
  private static final long RESEND_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final WorkerService service;
  private final HeartbeatSender heartbeats;
  private final Transfer transfer;
  private final Path outgoing;
  private final Map<String, Sent> sent = new HashMap<>();
  private final LongSupplier nanoTime;
  private final RepeatedTrouble troubles;

  /**
   * The outcomes that the broker refused when they were last sent, the longest waiting first. The
   * value is whether it has accepted another since, so that it is not the broker that is
   * unavailable.
   */
  private final Map<String, Boolean> refused = new LinkedHashMap<>();

  /**
   * Whether the broker has delivered something since the last try, so that it is available again.
   */
  private final AtomicBoolean heard = new AtomicBoolean();

  private final AtomicLong hubHeartbeats = new AtomicLong();
  private final HubClock hubClock = new HubClock(System::currentTimeMillis);

  /** When an outcome was sent, and after how many heartbeats of the hub. */
  private record Sent(long nanos, long hubHeartbeats) {}

  /** Sends an archive to the hub. */
  @FunctionalInterface
  public interface Transfer {
    /**
     * Returns when the broker has it.
     *
     * @throws IOException when the archive cannot be read
     * @throws JMSException when the broker does not take it
     */
    void send(Path archive) throws IOException, JMSException;
  }

  /** Creates a sender; {@code nanoTime} is a monotonic clock. */
  public OutcomeSender(
      WorkerService service,
      HeartbeatSender heartbeats,
      Transfer transfer,
      Home home,
      DurableFiles files,
      LongSupplier nanoTime)
      throws IOException {
    this.service = service;
    this.heartbeats = heartbeats;
    this.transfer = transfer;
    this.outgoing = StateFolder.OUTGOING.in(home);
    this.nanoTime = nanoTime;
    this.troubles = new RepeatedTrouble(nanoTime);
    new Leftovers(files).createEmpty(outgoing);
  }

  /** Receives a hub heartbeat. */
  public void hubHeartbeat(Message message) throws IOException, JMSException {
    heard.set(true);
    hubHeartbeats.incrementAndGet();
    try {
      heartbeats.hubHeartbeat(HubListener.read(message, HubHeartbeat.class));
      hubClock.heard(message.getJMSTimestamp());
    } catch (IllegalArgumentException e) {
      LOG.warn("Invalid message in {}: {}", Destinations.HUB, e.getMessage());
    }
  }

  /**
   * Sends the outcomes that are due. While the broker accepts none, they stay due, which is logged
   * once. The pause before the next try grows, since each try packs an outcome and so disturbs what
   * is being measured.
   */
  public synchronized void send() throws IOException {
    if (!heard.getAndSet(false) && !troubles.isDue(Destinations.OUTCOMES)) {
      return;
    }
    List<String> finished = service.finished();
    sent.keySet().retainAll(finished);
    refused.keySet().retainAll(finished);
    for (String deliveryId : inOrder(finished)) {
      if (isDue(deliveryId) && !send(deliveryId)) {
        return; // nor does it take the others
      }
    }
  }

  /** An outcome that is always refused must not hold up the others. */
  private List<String> inOrder(List<String> finished) {
    List<String> order = new ArrayList<>(finished);
    order.removeAll(refused.keySet());
    order.addAll(refused.keySet());
    return order;
  }

  private boolean isDue(String deliveryId) {
    Sent last = sent.get(deliveryId);
    return troubles.isDue(deliveryId) && (last == null || isDueAgain(last));
  }

  /** While the hub is away, the broker keeps what it has: copies would only fill its disk. */
  private boolean isDueAgain(Sent last) {
    return nanoTime.getAsLong() - last.nanos() > RESEND_NANOS
        && hubHeartbeats.get() > last.hubHeartbeats();
  }

  /** Sends an outcome; false when the broker takes none. */
  private boolean send(String deliveryId) throws IOException {
    Path archive = outgoing.resolve(deliveryId + ".zip");
    try {
      if (pack(deliveryId, archive)) {
        transfer.send(archive);
        sent(deliveryId);
      }
      return true;
    } catch (JMSException e) {
      LOG.debug("Could not send an outcome", e);
      return refused(deliveryId, BrokerWait.reason(e));
    } catch (IOException e) {
      logOnce(
          deliveryId, "Could not read the outcome of {}; it is kept and will be retried: {}", e);
      return true;
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  /** Writes the archive; a failure must not keep the other outcomes from being sent. */
  private boolean pack(String deliveryId, Path archive) {
    try (OutputStream out = Files.newOutputStream(archive)) {
      service.pack(deliveryId, out);
      return true;
    } catch (IOException | RuntimeException e) {
      logOnce(
          deliveryId, "Could not pack the outcome of {}; it is kept and will be retried: {}", e);
      return false;
    }
  }

  private void sent(String deliveryId) {
    sent.put(deliveryId, new Sent(nanoTime.getAsLong(), hubHeartbeats.get()));
    refused.remove(deliveryId);
    refused.replaceAll((other, takenSince) -> true);
    if (troubles.over(deliveryId)) {
      LOG.info("Sent the outcome of {}", service.runId(deliveryId));
    }
    if (troubles.over(Destinations.OUTCOMES)) {
      LOG.info("Sending outcomes again");
    }
  }

  /** Whether the broker refuses only this outcome. */
  private boolean refused(String deliveryId, String why) {
    boolean alone = Boolean.TRUE.equals(refused.remove(deliveryId));
    refused.put(deliveryId, alone);
    if (alone) {
      logOnce(
          deliveryId,
          "The broker accepts other outcomes, but not that of {}; it is kept and will be sent"
              + " again: {}",
          why);
    } else if (troubles.add(Destinations.OUTCOMES, "")) {
      LOG.warn("Could not send an outcome to the hub; it is kept and will be sent again: {}", why);
    }
    return alone;
  }

  /** Logs once what is wrong with one outcome. */
  private void logOnce(String deliveryId, String what, Object why) {
    if (troubles.add(deliveryId, "")) {
      LOG.warn(what, service.runId(deliveryId), String.valueOf(why));
    }
  }
}
