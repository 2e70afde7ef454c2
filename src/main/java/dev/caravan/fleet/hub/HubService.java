package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.ArchiveRefusedException;
import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.AttemptDigest;
import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.fleet.protocol.ResultManifest;
import dev.caravan.model.Batch;
import dev.caravan.model.Cause;
import dev.caravan.model.Control;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.run.InvalidRunOrderException;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RegularFiles;
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
 * The hub's side of runs that workers execute: assigns them, unpacks their results into the tree,
 * and reports a run as lost when no worker holds it any longer.
 */
public final class HubService {

  private static final Logger LOG = LoggerFactory.getLogger(HubService.class);

  private final RemoteRuns runs;
  private final PipelineListeners listeners;
  private final ControlStore controls;
  private final InFlightRuns inFlightRuns;
  private final ArchiveUnpacker unpacker;
  private final WorkerMonitor monitor;
  private final RunErrorBoundary boundary = new RunErrorBoundary();
  private final AtomicLong lost = new AtomicLong();

  /** Delivery ids whose outcome has come but is not recorded yet: these never count as lost. */
  private final Set<String> receivedIds = ConcurrentHashMap.newKeySet();

  /**
   * Creates the service and loads the runs that an earlier process left in flight.
   *
   * @param listeners are notified when a run is assigned
   * @param monitor tracks the workers' heartbeats
   * @param unpacker unpacks the results of workers
   */
  public HubService(
      Home home,
      DurableFiles durableFiles,
      RemoteRuns runs,
      PipelineListeners listeners,
      WorkerMonitor monitor,
      ArchiveUnpacker unpacker)
      throws IOException {
    this.runs = runs;
    this.listeners = listeners;
    this.controls = new ControlStore(durableFiles);
    this.inFlightRuns = new InFlightRuns(home, durableFiles);
    this.unpacker = unpacker;
    this.monitor = monitor;
  }

  /**
   * Prepares an order for sending. A run that is already in flight keeps its delivery id, unless
   * its outcome has come and is being recorded; a run that needs no execution becomes a report.
   */
  public OutgoingRun assign(RunOrder order) throws InvalidRunOrderException, IOException {
    Run run = runs.run(order.batchFolder(), order.runIndex());
    Optional<InFlightRun> alreadySent =
        inFlightRuns.of(order).filter(sent -> !receivedIds.contains(sent.deliveryId()));
    if (alreadySent.isEmpty()) {
      Optional<RunReport> done = runs.withoutExecution(order, run);
      if (done.isPresent()) {
        return OutgoingRun.report(done.get());
      }
    }
    InFlightRun inFlightRun = alreadySent.isPresent() ? alreadySent.get() : begin(order, run);
    return OutgoingRun.assignment(assignment(inFlightRun, run), inFlightRun.pool());
  }

  private InFlightRun begin(RunOrder order, Run run) throws IOException {
    int attempt = runs.nextAttempt(run);
    listeners.publish(new PipelineChange.Started(run, attempt));
    return inFlightRuns.begin(order, run.batch().config().pool(), attempt);
  }

  private Assignment assignment(InFlightRun inFlightRun, Run run) throws IOException {
    Batch batch = run.batch();
    List<String> earlier = new ArrayList<>();
    for (int n = 1; n < inFlightRun.attempt(); n++) {
      earlier.add(AttemptDigest.of(runs.earlierResult(run, n)));
    }
    return new Assignment(
        inFlightRun.deliveryId(),
        inFlightRun.attempt(),
        inFlightRun.order(),
        RegularFiles.read(batch.folder().resolve(BatchFolder.CONFIG)),
        batch.record(),
        controls.of(batch),
        earlier,
        runs.hooks(run, inFlightRun.attempt()));
  }

  /** The report on an order that could not be sent; dispatch retries it later. */
  public RunReport postpone(RunOrder order, Exception failure) {
    LOG.warn("Could not send a run to the workers: {}", failure.toString());
    return failure instanceof InvalidRunOrderException
        ? RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, failure.getMessage())
        : RunReport.on(order, RunReport.Kind.BUSY, "could not be sent to the workers: " + failure);
  }

  /**
   * Unpacks the result archive of a run into the tree. The result of an attempt that already counts
   * as lost goes to its {@code attempts/<n>/}.
   *
   * @throws IllegalArgumentException when the file is not a result archive
   */
  public synchronized ReceivedResult deliver(Path archive) throws IOException {
    ResultManifest manifest = manifest(archive);
    Optional<InFlightRun> inFlightRun = inFlightRuns.withDeliveryId(manifest.deliveryId());
    if (inFlightRun.isEmpty()) {
      return late(manifest, archive);
    }
    ReceivedResult received = unpack(inFlightRun.get(), manifest, archive);
    receivedIds.add(received.deliveryId());
    return received;
  }

  private static ResultManifest manifest(Path archive) throws IOException {
    try {
      return ResultArchive.manifest(archive);
    } catch (ArchiveRefusedException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private ReceivedResult unpack(InFlightRun inFlightRun, ResultManifest manifest, Path archive)
      throws IOException {
    RunOrder order = inFlightRun.order();
    String deliveryId = inFlightRun.deliveryId();
    Run run;
    try {
      run = runs.run(order.batchFolder(), order.runIndex());
    } catch (InvalidRunOrderException e) {
      return ReceivedResult.of(
          deliveryId, RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, e.getMessage()));
    }
    if (runs.finalResult(run).isPresent()) {
      unpacker.cleanUp(run, deliveryId);
      return ReceivedResult.of(deliveryId, RunReport.ended(order, runs.finalResult(run).get()));
    }
    try {
      if (manifest.hasFiles()) {
        unpacker.into(
            run.folder(), archive, run, deliveryId, result -> runs.writeDeadLetter(run, result));
      }
      return ReceivedResult.of(deliveryId, manifest.report().forOrder(order));
    } catch (ArchiveRefusedException e) {
      String why = e.getMessage();
      LOG.error(
          "[{}] Refused the files, which worker {} keeps: {}", run.id(), manifest.worker(), why);
      inFlightRuns.refuse(deliveryId);
      String message = "the result from its worker was refused: " + why;
      RunOrder.Ending ending = RunOrder.Ending.failed(Cause.INTERNAL_ERROR, message);
      return ReceivedResult.of(deliveryId, runs.endWithoutExecution(order, run, ending));
    }
  }

  /** Keeps the outcome of a lost attempt in attempts/; it never replaces a result. */
  private ReceivedResult late(ResultManifest manifest, Path archive) throws IOException {
    ReceivedResult nothing = new ReceivedResult(manifest.deliveryId(), Optional.empty());
    Optional<InFlightRun> superseded = inFlightRuns.superseded(manifest.deliveryId());
    if (superseded.isEmpty() && monitor.sharesBroker()) {
      throw new IOException("not a run of this hub, and another hub uses this broker");
    }
    if (!manifest.hasFiles() || superseded.isEmpty()) {
      return nothing;
    }
    InFlightRun inFlightRun = superseded.get();
    try {
      Run run = runs.run(inFlightRun.order().batchFolder(), inFlightRun.order().runIndex());
      Path aside = runs.archiveFolder(run, inFlightRun.attempt());
      LOG.warn("[{}] Received a late outcome of attempt {}", run.id(), inFlightRun.attempt());
      unpacker.aside(aside, archive, run, inFlightRun.deliveryId());
    } catch (InvalidRunOrderException e) {
      LOG.warn("Dropped a late outcome: {}", e.getMessage());
    } catch (ArchiveRefusedException e) {
      LOG.warn("Refused a late outcome: {}", e.getMessage());
      inFlightRuns.refuse(inFlightRun.deliveryId());
    }
    inFlightRuns.forget(inFlightRun);
    return nothing;
  }

  /** The input file that a worker requests; empty unless it belongs to a run in flight. */
  public Optional<Path> inputFile(FileRequest request) throws IOException {
    Optional<InFlightRun> inFlightRun = inFlightRuns.withDeliveryId(request.deliveryId());
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

  /** Marks an outcome as recorded; the next heartbeat tells its worker to delete its copy. */
  public void acknowledge(String deliveryId) throws IOException {
    Optional<InFlightRun> inFlightRun = inFlightRuns.withDeliveryId(deliveryId);
    if (inFlightRun.isPresent()) {
      inFlightRuns.end(inFlightRun.get());
    }
    receivedIds.remove(deliveryId);
    monitor.recorded(deliveryId);
  }

  /** Reports on runs whose lease has expired; call it every second. */
  public List<RunReport> expired() {
    return monitor.expired(inFlightRuns.all()).stream()
        .flatMap(run -> boundary.perform("record it as lost", run, () -> expire(run)).stream())
        .toList();
  }

  private synchronized Optional<RunReport> expire(InFlightRun inFlightRun) throws IOException {
    if (receivedIds.contains(inFlightRun.deliveryId())
        || inFlightRuns.withDeliveryId(inFlightRun.deliveryId()).isEmpty()) {
      return Optional.empty(); // its outcome has just arrived
    }
    RunOrder order = inFlightRun.order();
    String message = "no worker has reported this attempt for " + monitor.lostAfterText();
    RunReport report;
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      LOG.warn("[{}] Attempt {} is lost: {}", run.id(), inFlightRun.attempt(), message);
      report = runs.recordLost(order, run, message);
    } catch (InvalidRunOrderException e) {
      report = RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, e.getMessage());
    }
    inFlightRuns.supersede(inFlightRun);
    lost.incrementAndGet();
    return Optional.of(report);
  }

  /** Attempts that counted as lost since this process started. */
  long lostCount() {
    return lost.get();
  }

  /** The runs that were sent and have no outcome yet. */
  Collection<InFlightRun> inFlight() {
    return inFlightRuns.all();
  }

  /** Id of the run in flight with this delivery id. */
  Optional<String> runOf(String deliveryId) {
    return inFlightRuns.withDeliveryId(deliveryId).map(inFlightRun -> inFlightRun.order().runId());
  }

  /** The heartbeat to send to the workers now. */
  public HubHeartbeat heartbeat() {
    return monitor.heartbeat(
        inFlightRuns.all().stream()
            .filter(
                run ->
                    boundary.perform("read its orders", run, () -> cancellation(run)).isPresent())
            .toList(),
        inFlightRuns::isRefused);
  }

  private Optional<Control.Order> cancellation(InFlightRun run) throws IOException {
    RunOrder order = run.order();
    return controls.of(Path.of(order.batchFolder())).cancellationOf(order.runIndex());
  }
}
