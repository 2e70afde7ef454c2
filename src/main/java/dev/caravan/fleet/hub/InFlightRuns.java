package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.DeliveryId;
import dev.caravan.model.RunOrder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs under way on workers, one file each in {@code .caravan/flights/}, so that a hub that was
 * killed sends each again under its old deliveryId, which the broker knows. Those that counted as
 * lost lie in {@code .caravan/superseded/} for 30 days, for outcomes that come late. Threadsafe.
 */
final class InFlightRuns {

  private static final Logger LOG = LoggerFactory.getLogger(InFlightRuns.class);

  private static final Duration KEPT = Duration.ofDays(30);

  private final Path folder;
  private final Path superseded;
  private final DurableFiles files;
  private final Map<String, InFlightRun> byDeliveryId = new HashMap<>();
  private final Map<String, InFlightRun> byRun = new HashMap<>();

  /** Those that an earlier life left. */
  InFlightRuns(Home home, DurableFiles files) throws IOException {
    this.folder = home.state().resolve("flights");
    this.files = files;
    this.superseded = home.state().resolve("superseded");
    files.createDirectories(folder);
    files.createDirectories(superseded);
    forgetOld();
    for (Path file : files.list(folder)) {
      if (file.getFileName().toString().endsWith(".json")) {
        load(file);
      }
    }
  }

  private void load(Path file) {
    try {
      keep(Json.read(file, InFlightRun.class));
    } catch (IOException | RuntimeException e) {
      LOG.warn("Ignoring {}: {}", file, e.toString());
    }
  }

  private void keep(InFlightRun inFlightRun) {
    byDeliveryId.put(inFlightRun.deliveryId(), inFlightRun);
    byRun.put(key(inFlightRun.order()), inFlightRun);
  }

  /** Batches below different results folders may have one id, so the folder is the key. */
  private static String key(RunOrder order) {
    return order.batchFolder() + "#" + order.runIndex();
  }

  synchronized Optional<InFlightRun> of(RunOrder order) {
    return Optional.ofNullable(byRun.get(key(order)));
  }

  synchronized Optional<InFlightRun> withDeliveryId(String deliveryId) {
    return Optional.ofNullable(byDeliveryId.get(deliveryId));
  }

  synchronized Collection<InFlightRun> all() {
    return List.copyOf(byDeliveryId.values());
  }

  /** Notes a run that is about to be sent; on the disk before that. */
  synchronized InFlightRun begin(RunOrder order, String pool, int attempt) throws IOException {
    InFlightRun inFlightRun = new InFlightRun(DeliveryId.fresh(), pool, attempt, order);
    files.writeWhole(file(inFlightRun), Json.file(inFlightRun));
    keep(inFlightRun);
    return inFlightRun;
  }

  /** The run was answered. */
  synchronized void end(InFlightRun inFlightRun) throws IOException {
    files.delete(file(inFlightRun));
    forgetUnderway(inFlightRun);
  }

  /** Nobody has it any more; should its outcome come after all, it is still known. */
  synchronized void supersede(InFlightRun inFlightRun) throws IOException {
    files.move(file(inFlightRun), late(inFlightRun.deliveryId()));
    forgetUnderway(inFlightRun);
  }

  /** One that counted as lost. */
  Optional<InFlightRun> superseded(String deliveryId) throws IOException {
    Path file = late(deliveryId);
    return Files.exists(file) ? Optional.of(Json.read(file, InFlightRun.class)) : Optional.empty();
  }

  /** The outcome of one that counted as lost has come. */
  void forget(InFlightRun inFlightRun) throws IOException {
    files.delete(late(inFlightRun.deliveryId()));
  }

  private void forgetOld() throws IOException {
    Instant oldest = Instant.now().minus(KEPT);
    for (Path file : files.list(superseded)) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
        files.delete(file);
      }
    }
  }

  private void forgetUnderway(InFlightRun inFlightRun) {
    byDeliveryId.remove(inFlightRun.deliveryId());
    byRun.remove(key(inFlightRun.order()), inFlightRun);
  }

  private Path late(String deliveryId) {
    return superseded.resolve(deliveryId + ".json");
  }

  private Path file(InFlightRun inFlightRun) {
    return folder.resolve(inFlightRun.deliveryId() + ".json");
  }
}
