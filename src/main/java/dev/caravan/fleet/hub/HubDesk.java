package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.Beginning;
import dev.caravan.fleet.protocol.Delivery;
import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.fleet.protocol.Parcel;
import dev.caravan.fleet.protocol.ParcelRefused;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.Controls;
import dev.caravan.pipeline.record.Changes;
import dev.caravan.pipeline.run.NoRunException;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.Home;
import dev.caravan.storage.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's side of a run that a worker executes: sends it, takes its outcome into the tree, and
 * notices when nobody has it any more.
 */
public final class HubDesk {

  private static final Logger LOG = LoggerFactory.getLogger(HubDesk.class);

  private final RemoteRuns runs;
  private final Changes changes;
  private final Controls controls;
  private final Flights flights;
  private final Unpacking unpacking;
  private final HubWatch watch;
  private final AtomicLong lost = new AtomicLong();

  /** Tickets whose outcome is in the tree and not yet recorded: nobody is to call them lost. */
  private final Set<String> arrived = ConcurrentHashMap.newKeySet();

  /**
   * A hub's desk.
   *
   * @param changes is told when a run is sent to be started
   * @param watch listens to the workers
   * @param largest most bytes that a run folder may bring
   * @param shared where workers may leave their files
   */
  public HubDesk(
      Home home,
      Tree tree,
      RemoteRuns runs,
      Changes changes,
      HubWatch watch,
      long largest,
      Optional<SharedFolder> shared)
      throws IOException {
    this.runs = runs;
    this.changes = changes;
    this.controls = new Controls(tree);
    this.flights = new Flights(home, tree);
    this.unpacking = new Unpacking(tree, largest, shared);
    this.watch = watch;
  }

  /** What is to be sent for an order, given as message text. */
  public Posting assign(String json) throws NoRunException, IOException {
    RunOrder order = RunOrder.of(json);
    Run run = runs.run(order.batchFolder(), order.runIndex());
    Optional<Flight> sentBefore = flights.of(order);
    if (sentBefore.isEmpty()) {
      Optional<RunReport> done = runs.withoutExecution(order, run);
      if (done.isPresent()) {
        return Posting.report(done.get());
      }
    }
    Flight flight = sentBefore.isPresent() ? sentBefore.get() : begin(order, run);
    return new Posting(assignment(flight, run).json(), flight.pool(), flight.ticket());
  }

  private Flight begin(RunOrder order, Run run) throws IOException {
    int attempt = runs.nextAttempt(run);
    changes.started(run, attempt);
    return flights.begin(order, run.batch().config().pool(), attempt);
  }

  private Assignment assignment(Flight flight, Run run) throws IOException {
    Batch batch = run.batch();
    List<String> earlier = new ArrayList<>();
    for (int n = 1; n < flight.attempt(); n++) {
      earlier.add(Beginning.of(runs.earlierResult(run, n)));
    }
    return new Assignment(
        Assignment.SCHEMA,
        flight.ticket(),
        flight.attempt(),
        flight.order(),
        Files.readAllBytes(batch.folder().resolve(Batch.CONFIG)),
        batch.record(),
        controls.of(batch),
        earlier);
  }

  /** The report on an order that could not be sent; dispatch tries it again after a while. */
  public String postponed(String json, Exception failure) {
    LOG.warn("A run could not be sent to the workers: {}", failure.toString());
    RunOrder order = RunOrder.of(json);
    return failure instanceof NoRunException
        ? RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, failure.getMessage()).json()
        : RunReport.on(
                order, RunReport.Kind.BUSY, "it could not be sent to the workers: " + failure)
            .json();
  }

  /**
   * Takes a parcel's files into the tree.
   *
   * @throws IllegalArgumentException when it is no parcel, so that it belongs to no run
   */
  public synchronized Arrival deliver(Path parcel) throws IOException {
    Delivery delivery = manifest(parcel);
    Optional<Flight> flight = flights.withTicket(delivery.ticket());
    if (flight.isEmpty()) {
      return late(delivery, parcel);
    }
    Arrival arrival = arrived(flight.get(), delivery, parcel);
    arrived.add(arrival.ticket());
    return arrival;
  }

  private static Delivery manifest(Path parcel) throws IOException {
    try {
      return Parcel.manifest(parcel);
    } catch (ParcelRefused e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private Arrival arrived(Flight flight, Delivery delivery, Path parcel) throws IOException {
    RunOrder order = flight.order();
    Run run;
    try {
      run = runs.run(order.batchFolder(), order.runIndex());
    } catch (NoRunException e) {
      RunReport gone = RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, e.getMessage());
      return new Arrival(flight.ticket(), gone.json());
    }
    if (runs.end(run).isPresent()) {
      return new Arrival(flight.ticket(), RunReport.ended(order, runs.end(run).get()).json());
    }
    try {
      if (!delivery.files().isEmpty()) {
        unpacking.into(
            run.folder(), parcel, run, flight.ticket(), result -> runs.letter(run, result));
      }
      return new Arrival(flight.ticket(), delivery.report().about(order).json());
    } catch (ParcelRefused e) {
      LOG.error("[{}] Refused what {} sent: {}", run.id(), delivery.worker(), e.getMessage());
      String words = "what its worker sent was refused: " + e.getMessage();
      RunOrder.Ending ending = new RunOrder.Ending("failed", "internal_error", words);
      return new Arrival(flight.ticket(), runs.end(order, run, ending).json());
    }
  }

  /** An outcome of an attempt that counted as lost: kept aside, never over a result. */
  private Arrival late(Delivery delivery, Path parcel) throws IOException {
    Arrival nothing = new Arrival(delivery.ticket(), "");
    Optional<Flight> superseded = flights.superseded(delivery.ticket());
    if (delivery.files().isEmpty() || superseded.isEmpty()) {
      return nothing;
    }
    Flight flight = superseded.get();
    try {
      Run run = runs.run(flight.order().batchFolder(), flight.order().runIndex());
      Path aside = runs.aside(run, flight.attempt());
      LOG.warn("[{}] A late outcome of attempt {} came", run.id(), flight.attempt());
      unpacking.into(aside, parcel, run, flight.ticket(), result -> {});
    } catch (NoRunException | ParcelRefused e) {
      LOG.warn("A late outcome was dropped: {}", e.getMessage());
    }
    flights.forget(flight);
    return nothing;
  }

  /** The input file that a worker asks for; only one of a run that is under way. */
  public Optional<Path> inputFile(FileRequest request) throws IOException {
    Optional<Flight> flight = flights.withTicket(request.ticket());
    if (flight.isEmpty()) {
      return Optional.empty();
    }
    RunOrder order = flight.get().order();
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      return run.batch().record().inputFiles().stream()
          .filter(file -> file.sha256().equals(request.sha256()))
          .map(file -> Path.of(file.path()))
          .filter(Files::isRegularFile)
          .findFirst();
    } catch (NoRunException e) {
      return Optional.empty();
    }
  }

  /** The outcome is recorded: its worker may forget it. */
  public void settled(String ticket) throws IOException {
    Optional<Flight> flight = flights.withTicket(ticket);
    if (flight.isPresent()) {
      flights.end(flight.get());
    }
    arrived.remove(ticket);
    watch.recorded(ticket);
  }

  /** Reports on runs that nobody has any more, as message texts; call it every second. */
  public List<String> lost() throws IOException {
    List<String> reports = new ArrayList<>();
    for (Flight flight : watch.lost(flights.all())) {
      lost(flight).ifPresent(reports::add);
    }
    return reports;
  }

  private synchronized Optional<String> lost(Flight flight) throws IOException {
    if (arrived.contains(flight.ticket()) || flights.withTicket(flight.ticket()).isEmpty()) {
      return Optional.empty(); // Its outcome came in this very moment.
    }
    RunOrder order = flight.order();
    String words = "no worker has named this attempt for " + watch.leaseWords();
    RunReport report;
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      LOG.warn("[{}] Attempt {} is lost: {}", run.id(), flight.attempt(), words);
      report = runs.lost(order, run, words);
    } catch (NoRunException e) {
      report = RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, e.getMessage());
    }
    flights.supersede(flight);
    lost.incrementAndGet();
    return Optional.of(report.json());
  }

  /** Attempts that counted as lost since this desk is there. */
  long lostSoFar() {
    return lost.get();
  }

  /** The runs that were sent and have no answer yet. */
  Collection<Flight> underway() {
    return flights.all();
  }

  /** Id of the run that was sent under this ticket, while it has no answer. */
  Optional<String> runOf(String ticket) {
    return flights.withTicket(ticket).map(flight -> flight.order().runId());
  }

  /** What the hub says to its workers now, as message text. */
  public String beat() throws IOException {
    return watch.beat(cancelled()).json();
  }

  private List<Flight> cancelled() throws IOException {
    List<Flight> cancelled = new ArrayList<>();
    for (Flight flight : flights.all()) {
      Path folder = Path.of(flight.order().batchFolder());
      if (controls.of(folder).cancelOf(flight.order().runIndex()).isPresent()) {
        cancelled.add(flight);
      }
    }
    return cancelled;
  }
}
