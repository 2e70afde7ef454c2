package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.Ticket;
import dev.caravan.model.RunOrder;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.Tree;
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
 * killed sends each again under its old ticket, which the broker knows. Those that counted as lost
 * lie in {@code .caravan/superseded/} for 30 days, for outcomes that come late. Threadsafe.
 */
final class Flights {

  private static final Logger LOG = LoggerFactory.getLogger(Flights.class);

  private static final Duration KEPT = Duration.ofDays(30);

  private final Path folder;
  private final Path superseded;
  private final Tree tree;
  private final Map<String, Flight> byTicket = new HashMap<>();
  private final Map<String, Flight> byRun = new HashMap<>();

  /** Those that an earlier life left. */
  Flights(Home home, Tree tree) throws IOException {
    this.folder = home.state().resolve("flights");
    this.tree = tree;
    this.superseded = home.state().resolve("superseded");
    tree.createDirectories(folder);
    tree.createDirectories(superseded);
    forgetOld();
    for (Path file : tree.list(folder)) {
      if (file.getFileName().toString().endsWith(".json")) {
        load(file);
      }
    }
  }

  private void load(Path file) {
    try {
      keep(Json.read(file, Flight.class));
    } catch (IOException | RuntimeException e) {
      LOG.warn("Ignoring {}: {}", file, e.toString());
    }
  }

  private void keep(Flight flight) {
    byTicket.put(flight.ticket(), flight);
    byRun.put(key(flight.order()), flight);
  }

  /** Batches below different results folders may have one id, so the folder is the key. */
  private static String key(RunOrder order) {
    return order.batchFolder() + "#" + order.runIndex();
  }

  synchronized Optional<Flight> of(RunOrder order) {
    return Optional.ofNullable(byRun.get(key(order)));
  }

  synchronized Optional<Flight> withTicket(String ticket) {
    return Optional.ofNullable(byTicket.get(ticket));
  }

  synchronized Collection<Flight> all() {
    return List.copyOf(byTicket.values());
  }

  /** Notes a run that is about to be sent; on the disk before that. */
  synchronized Flight begin(RunOrder order, String pool, int attempt) throws IOException {
    Flight flight = new Flight(Ticket.fresh(), pool, attempt, order);
    tree.writeWhole(file(flight), Json.file(flight));
    keep(flight);
    return flight;
  }

  /** The run was answered. */
  synchronized void end(Flight flight) throws IOException {
    tree.delete(file(flight));
    forgetUnderway(flight);
  }

  /** Nobody has it any more; should its outcome come after all, it is still known. */
  synchronized void supersede(Flight flight) throws IOException {
    tree.move(file(flight), late(flight.ticket()));
    forgetUnderway(flight);
  }

  /** One that counted as lost. */
  Optional<Flight> superseded(String ticket) throws IOException {
    Path file = late(ticket);
    return Files.exists(file) ? Optional.of(Json.read(file, Flight.class)) : Optional.empty();
  }

  /** The outcome of one that counted as lost has come. */
  void forget(Flight flight) throws IOException {
    tree.delete(late(flight.ticket()));
  }

  private void forgetOld() throws IOException {
    Instant oldest = Instant.now().minus(KEPT);
    for (Path file : tree.list(superseded)) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
        tree.delete(file);
      }
    }
  }

  private void forgetUnderway(Flight flight) {
    byTicket.remove(flight.ticket());
    byRun.remove(key(flight.order()), flight);
  }

  private Path late(String ticket) {
    return superseded.resolve(ticket + ".json");
  }

  private Path file(Flight flight) {
    return folder.resolve(flight.ticket() + ".json");
  }
}
