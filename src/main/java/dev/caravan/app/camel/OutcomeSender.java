package dev.caravan.app.camel;

import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.worker.HeartbeatSender;
import dev.caravan.fleet.worker.WorkerService;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what became of runs, again and again until the hub says that it has it. */
public final class OutcomeSender {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeSender.class);
  private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final WorkerService desk;
  private final HeartbeatSender pulse;
  private final ArchiveTransfer post;
  private final Path outgoing;
  private final Map<String, Long> sent = new HashMap<>();

  public OutcomeSender(
      WorkerService desk,
      HeartbeatSender pulse,
      ArchiveTransfer post,
      Home home,
      DurableFiles files)
      throws IOException {
    this.desk = desk;
    this.pulse = pulse;
    this.post = post;
    this.outgoing = home.state().resolve("outgoing");
    files.delete(outgoing);
    files.createDirectories(outgoing);
  }

  /** The hub said something. */
  public void hubHeartbeat(Message message) throws IOException, JMSException {
    try {
      pulse.heardHub(HubListener.text(message));
    } catch (IllegalArgumentException e) {
      LOG.warn("A message in {} is none: {}", Destinations.HUB, e.getMessage());
    }
  }

  /** Sends what is due. */
  public synchronized void send() throws IOException {
    List<String> finished = desk.finished();
    sent.keySet().retainAll(finished);
    for (String deliveryId : finished) {
      Long last = sent.get(deliveryId);
      if (last == null || System.nanoTime() - last > AGAIN_NANOS) {
        send(deliveryId);
        sent.put(deliveryId, System.nanoTime());
      }
    }
  }

  private void send(String deliveryId) throws IOException {
    Path parcel = outgoing.resolve(deliveryId + ".zip");
    try {
      if (packed(deliveryId, parcel)) {
        post.send(parcel, Destinations.OUTCOMES);
      }
    } finally {
      Files.deleteIfExists(parcel);
    }
  }

  /** Packs it; one that cannot be packed must not keep the others from being sent. */
  private boolean packed(String deliveryId, Path parcel) {
    try (OutputStream out = Files.newOutputStream(parcel)) {
      desk.pack(deliveryId, out);
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("What became of {} could not be packed: {}", deliveryId, e.toString());
      return false;
    }
  }
}
