package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.ArchiveRefusedException;
import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.AttemptDigest;
import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.fleet.protocol.ResultManifest;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.record.PipelineListener;
import dev.caravan.pipeline.run.InvalidRunOrderException;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
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
public final class HubService {

  private static final Logger LOG = LoggerFactory.getLogger(HubService.class);

  private final RemoteRuns runs;
  private final PipelineListener changes;
  private final ControlStore controls;
  private final InFlightRuns flights;
  private final ArchiveUnpacker archiveUnpacker;
  private final WorkerMonitor watch;
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
  public HubService(
      Home home,
      DurableFiles durableFiles,
      RemoteRuns runs,
      PipelineListener changes,
      WorkerMonitor watch,
      long largest,
      Optional<SharedFolder> shared)
      throws IOException {
    this.runs = runs;
    this.changes = changes;
    this.controls = new ControlStore(durableFiles);
    this.flights = new InFlightRuns(home, durableFiles);
    this.archiveUnpacker = new ArchiveUnpacker(durableFiles, largest, shared);
    this.watch = watch;
  }

  /** What is to be sent for an order, given as message text. */
  public OutgoingRun assign(String json) throws InvalidRunOrderException, IOException {
    RunOrder order = RunOrder.of(json);
    Run run = runs.run(order.batchFolder(), order.runIndex());
    Optional<InFlightRun> sentBefore = flights.of(order);
    if (sentBefore.isEmpty()) {
      Optional<RunReport> done = runs.withoutExecution(order, run);
      if (done.isPresent()) {
        return OutgoingRun.report(done.get());
      }
    }
    InFlightRun inFlightRun = sentBefore.isPresent() ? sentBefore.get() : begin(order, run);
    return new OutgoingRun(
        assignment(inFlightRun, run).json(), inFlightRun.pool(), inFlightRun.deliveryId());
  }

  private InFlightRun begin(RunOrder order, Run run) throws IOException {
    int attempt = runs.nextAttempt(run);
    changes.started(run, attempt);
    return flights.begin(order, run.batch().config().pool(), attempt);
  }

  private Assignment assignment(InFlightRun inFlightRun, Run run) throws IOException {
    Batch batch = run.batch();
    List<String> earlier = new ArrayList<>();
    for (int n = 1; n < inFlightRun.attempt(); n++) {
      earlier.add(AttemptDigest.of(runs.earlierResult(run, n)));
    }
    return new Assignment(
        Assignment.SCHEMA,
        inFlightRun.deliveryId(),
        inFlightRun.attempt(),
        inFlightRun.order(),
        Files.readAllBytes(batch.folder().resolve(Batch.CONFIG)),
        batch.record(),
        controls.of(batch),
        earlier);
  }

  /** The report on an order that could not be sent; dispatch tries it again after a while. */
  public String postpone(String json, Exception failure) {
    LOG.warn("A run could not be sent to the workers: {}", failure.toString());
    RunOrder order = RunOrder.of(json);
    return failure instanceof InvalidRunOrderException
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
  public synchronized ReceivedResult deliver(Path parcel) throws IOException {
    ResultManifest resultManifest = manifest(parcel);
    Optional<InFlightRun> inFlightRun = flights.withDeliveryId(resultManifest.deliveryId());
    if (inFlightRun.isEmpty()) {
      return late(resultManifest, parcel);
    }
    ReceivedResult receivedResult = arrived(inFlightRun.get(), resultManifest, parcel);
    arrived.add(receivedResult.deliveryId());
    return receivedResult;
  }

  private static ResultManifest manifest(Path parcel) throws IOException {
    try {
      return ResultArchive.manifest(parcel);
    } catch (ArchiveRefusedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private ReceivedResult arrived(
      InFlightRun inFlightRun, ResultManifest resultManifest, Path parcel) throws IOException {
    RunOrder order = inFlightRun.order();
    Run run;
    try {
      run = runs.run(order.batchFolder(), order.runIndex());
    } catch (InvalidRunOrderException e) {
      RunReport gone = RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, e.getMessage());
      return new ReceivedResult(inFlightRun.deliveryId(), gone.json());
    }
    if (runs.end(run).isPresent()) {
      return new ReceivedResult(
          inFlightRun.deliveryId(), RunReport.ended(order, runs.end(run).get()).json());
    }
    try {
      if (!resultManifest.files().isEmpty()) {
        archiveUnpacker.into(
            run.folder(),
            parcel,
            run,
            inFlightRun.deliveryId(),
            result -> runs.letter(run, result));
      }
      return new ReceivedResult(
          inFlightRun.deliveryId(), resultManifest.report().about(order).json());
    } catch (ArchiveRefusedException e) {
      LOG.error("[{}] Refused what {} sent: {}", run.id(), resultManifest.worker(), e.getMessage());
      String message = "what its worker sent was refused: " + e.getMessage();
      RunOrder.Ending ending = new RunOrder.Ending("failed", "internal_error", message);
      return new ReceivedResult(inFlightRun.deliveryId(), runs.end(order, run, ending).json());
    }
  }

  /** An outcome of an attempt that counted as lost: kept aside, never over a result. */
  private ReceivedResult late(ResultManifest resultManifest, Path parcel) throws IOException {
    ReceivedResult nothing = new ReceivedResult(resultManifest.deliveryId(), "");
    Optional<InFlightRun> superseded = flights.superseded(resultManifest.deliveryId());
    if (resultManifest.files().isEmpty() || superseded.isEmpty()) {
      return nothing;
    }
    InFlightRun inFlightRun = superseded.get();
    try {
      Run run = runs.run(inFlightRun.order().batchFolder(), inFlightRun.order().runIndex());
      Path aside = runs.aside(run, inFlightRun.attempt());
      LOG.warn("[{}] A late outcome of attempt {} came", run.id(), inFlightRun.attempt());
      archiveUnpacker.into(aside, parcel, run, inFlightRun.deliveryId(), result -> {});
    } catch (InvalidRunOrderException | ArchiveRefusedException e) {
      LOG.warn("A late outcome was dropped: {}", e.getMessage());
    }
    flights.forget(inFlightRun);
    return nothing;
  }

  /** The input file that a worker asks for; only one of a run that is under way. */
  public Optional<Path> inputFile(FileRequest request) throws IOException {
    Optional<InFlightRun> inFlightRun = flights.withDeliveryId(request.deliveryId());
    if (inFlightRun.isEmpty()) {
      return Optional.empty();
    }
    RunOrder order = inFlightRun.get().order();
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      return run.batch().record().inputFiles().stream()
          .filter(file -> file.sha256().equals(request.sha256()))
          .map(file -> Path.of(file.path()))
          .filter(Files::isRegularFile)
          .findFirst();
    } catch (InvalidRunOrderException e) {
      return Optional.empty();
    }
  }

  /** The outcome is recorded: its worker may forget it. */
  public void acknowledge(String deliveryId) throws IOException {
    Optional<InFlightRun> inFlightRun = flights.withDeliveryId(deliveryId);
    if (inFlightRun.isPresent()) {
      flights.end(inFlightRun.get());
    }
    arrived.remove(deliveryId);
    watch.recorded(deliveryId);
  }

  /** Reports on runs that nobody has any more, as message texts; call it every second. */
  public List<String> expired() throws IOException {
    List<String> reports = new ArrayList<>();
    for (InFlightRun inFlightRun : watch.lost(flights.all())) {
      lost(inFlightRun).ifPresent(reports::add);
    }
    return reports;
  }

  private synchronized Optional<String> lost(InFlightRun inFlightRun) throws IOException {
    if (arrived.contains(inFlightRun.deliveryId())
        || flights.withDeliveryId(inFlightRun.deliveryId()).isEmpty()) {
      return Optional.empty(); // Its outcome came in this very moment.
    }
    RunOrder order = inFlightRun.order();
    String message = "no worker has named this attempt for " + watch.leaseWords();
    RunReport report;
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      LOG.warn("[{}] Attempt {} is lost: {}", run.id(), inFlightRun.attempt(), message);
      report = runs.lost(order, run, message);
    } catch (InvalidRunOrderException e) {
      report = RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, e.getMessage());
    }
    flights.supersede(inFlightRun);
    lost.incrementAndGet();
    return Optional.of(report.json());
  }

  /** Attempts that counted as lost since this desk is there. */
  long lostSoFar() {
    return lost.get();
  }

  /** The runs that were sent and have no answer yet. */
  Collection<InFlightRun> underway() {
    return flights.all();
  }

  /** Id of the run that was sent under this deliveryId, while it has no answer. */
  Optional<String> runOf(String deliveryId) {
    return flights.withDeliveryId(deliveryId).map(inFlightRun -> inFlightRun.order().runId());
  }

  /** What the hub says to its workers now, as message text. */
  public String heartbeat() throws IOException {
    return watch.heartbeat(cancelled()).json();
  }

  private List<InFlightRun> cancelled() throws IOException {
    List<InFlightRun> cancelled = new ArrayList<>();
    for (InFlightRun inFlightRun : flights.all()) {
      Path folder = Path.of(inFlightRun.order().batchFolder());
      if (controls.of(folder).cancelOf(inFlightRun.order().runIndex()).isPresent()) {
        cancelled.add(inFlightRun);
      }
    }
    return cancelled;
  }
}
