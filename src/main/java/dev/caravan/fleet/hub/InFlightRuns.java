package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.DeliveryId;
import dev.caravan.model.RunOrder;
import dev.caravan.storage.DamagedFileException;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.Leftovers;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs in flight, one file each in {@code .caravan/in-flight/}: after a crash the hub sends
 * each again under its old delivery id, which the broker recognizes as a duplicate. {@code
 * .caravan/superseded/} keeps for 30 days the runs that counted as lost, for late outcomes, and the
 * ids of deliveries whose files were refused, for workers that send them again. Thread-safe.
 */
final class InFlightRuns {

  private static final Logger LOG = LoggerFactory.getLogger(InFlightRuns.class);

  private static final Duration RETENTION = Duration.ofDays(30);

  private final Path folder;
  private final Path superseded;
  private final DurableFiles files;
  private final Map<String, InFlightRun> byDeliveryId = new HashMap<>();
  private final Map<String, InFlightRun> byRun = new HashMap<>();

  /**
   * Loads the runs that an earlier process left in flight.
   *
   * @throws IOException also when one cannot be read at the moment: it would be sent a second time
   */
  InFlightRuns(Home home, DurableFiles files) throws IOException {
    this.folder = StateFolder.IN_FLIGHT.in(home);
    this.files = files;
    this.superseded = StateFolder.SUPERSEDED.in(home);
    files.createDirectories(folder);
    files.createDirectories(superseded);
    new Leftovers(files).deleteUnchanged(superseded, RETENTION);
    for (Path file : files.list(folder)) {
      if (file.getFileName().toString().endsWith(".json")) {
        read(file).ifPresent(this::put);
      }
    }
  }

  /** The run in a file; a file without one is set aside, and its run is sent again. */
  private Optional<InFlightRun> read(Path file) throws IOException {
    try {
      InFlightRun inFlightRun = Json.read(file, InFlightRun.class);
      if (!file.endsWith(fileName(inFlightRun.deliveryId()))) {
        throw new DamagedFileException(file.toString(), "names another delivery");
      }
      return Optional.of(inFlightRun);
    } catch (DamagedFileException e) {
      LOG.error("Set aside, not a run in flight: {}: {}", file, e.getMessage());
      setAside(file);
      return Optional.empty();
    }
  }

  private void setAside(Path file) {
    try {
      files.setAside(file);
    } catch (IOException e) {
      LOG.warn("Cannot rename {}: {}", file, e.toString());
    }
  }

  private void put(InFlightRun inFlightRun) {
    byDeliveryId.put(inFlightRun.deliveryId(), inFlightRun);
    byRun.put(inFlightRun.order().runKey(), inFlightRun);
  }

  synchronized Optional<InFlightRun> of(RunOrder order) {
    return Optional.ofNullable(byRun.get(order.runKey()));
  }

  synchronized Optional<InFlightRun> withDeliveryId(String deliveryId) {
    return Optional.ofNullable(byDeliveryId.get(deliveryId));
  }

  synchronized Collection<InFlightRun> all() {
    return List.copyOf(byDeliveryId.values());
  }

  /** Stores a run that is about to be sent under a new delivery id; synced when this returns. */
  synchronized InFlightRun begin(RunOrder order, String pool, int attempt) throws IOException {
    InFlightRun inFlightRun = new InFlightRun(DeliveryId.random(), pool, attempt, order);
    files.writeWhole(file(inFlightRun), Json.file(inFlightRun));
    put(inFlightRun);
    return inFlightRun;
  }

  /** Removes a run whose outcome is recorded. */
  synchronized void end(InFlightRun inFlightRun) throws IOException {
    files.delete(file(inFlightRun));
    remove(inFlightRun);
  }

  /** Marks a run as lost, but remembers it in case its outcome still arrives. */
  synchronized void supersede(InFlightRun inFlightRun) throws IOException {
    files.move(file(inFlightRun), supersededFile(inFlightRun.deliveryId()));
    remove(inFlightRun);
  }

  /** The lost run with this delivery id. */
  Optional<InFlightRun> superseded(String deliveryId) throws IOException {
    Path file = supersededFile(deliveryId);
    return RegularFiles.isAbsent(file) ? Optional.empty() : read(file);
  }

  /** Forgets a lost run once its outcome has arrived. */
  void forget(InFlightRun inFlightRun) throws IOException {
    files.delete(supersededFile(inFlightRun.deliveryId()));
  }

  /** Remembers that the files of a delivery are not taken; synced when this returns. */
  void refuse(String deliveryId) throws IOException {
    files.writeWhole(refusedFile(deliveryId), new byte[0]);
  }

  /** Whether the files of a delivery were not taken, so that its worker must keep them. */
  boolean isRefused(String deliveryId) {
    return RegularFiles.exists(refusedFile(deliveryId));
  }

  private Path refusedFile(String deliveryId) {
    return superseded.resolve(deliveryId + ".refused");
  }

  private void remove(InFlightRun inFlightRun) {
    byDeliveryId.remove(inFlightRun.deliveryId());
    byRun.remove(inFlightRun.order().runKey(), inFlightRun);
  }

  private Path supersededFile(String deliveryId) {
    return superseded.resolve(fileName(deliveryId));
  }

  private Path file(InFlightRun inFlightRun) {
    return folder.resolve(fileName(inFlightRun.deliveryId()));
  }

  private static String fileName(String deliveryId) {
    return deliveryId + ".json";
  }
}
