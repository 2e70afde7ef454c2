package dev.caravan.fleet.worker;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.InvalidRunOrderException;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunSecrets;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's side of runs that the hub assigns: keeps each run until the hub has recorded its
 * outcome, and never starts one twice.
 */
public final class WorkerService {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerService.class);

  private final String worker;
  private final Spool spool;
  private final RemoteRuns runs;
  private final RunSecrets secrets;
  private final Supplier<Optional<String>> aiperfVersion;
  private final Optional<SharedFolder> shared;
  private final LeftRuns leftRuns;

  /**
   * Runs whose input file need not be fetched: it is what was accepted, or the hub has no better.
   */
  private final Set<String> checked = ConcurrentHashMap.newKeySet();

  /**
   * Creates the service and opens the spool.
   *
   * @param worker id of the worker's home
   * @param aiperfVersion read before each run; empty without a usable aiperf
   * @param shared folder through which files are passed to the hub; when empty they are sent
   */
  public WorkerService(
      String worker,
      Home home,
      DurableFiles durableFiles,
      RemoteRuns runs,
      SecretStore keys,
      Supplier<Optional<String>> aiperfVersion,
      Optional<SharedFolder> shared)
      throws IOException {
    this.worker = worker;
    this.spool = new Spool(home, durableFiles);
    this.runs = runs;
    this.secrets = new RunSecrets(keys);
    this.aiperfVersion = aiperfVersion;
    this.shared = shared;
    this.leftRuns = new LeftRuns(spool, runs);
  }

  /** The folder that contains all batch folders of a worker. */
  public static Path spoolFolder(Home home) {
    return Spool.folder(home);
  }

  /** Reports the unfinished runs of an earlier process; call it before anything else. */
  public void recover() throws IOException {
    for (String deliveryId : spool.deliveryIds()) {
      if (!isFinished(deliveryId)) {
        leftRuns.add(deliveryId, "its worker was restarted");
      }
    }
    leftRuns.report();
  }

  /** Reports a run that could not be executed to its end, by what it left. */
  public void failed(String deliveryId, Exception failure) {
    leftRuns.add(deliveryId, "its worker failed: " + failure);
  }

  /**
   * Stores an assignment from the queue of runs; synced when this returns.
   *
   * @return the delivery id to execute; empty when the run is already in the spool
   * @throws IllegalArgumentException when the text is not an assignment
   */
  public Optional<String> receive(String json) throws IOException {
    Assignment assignment = Json.read(json, Assignment.class);
    if (spool.contains(assignment.deliveryId())) {
      return Optional.empty();
    }
    spool.add(assignment);
    return Optional.of(assignment.deliveryId());
  }

  /** Marks that the broker will not redeliver the run; after a restart it counts as lost. */
  public void confirm(String deliveryId) throws IOException {
    spool.confirm(deliveryId);
  }

  /** Removes a run that was not confirmed. */
  public void discard(String deliveryId) throws IOException {
    LOG.warn("Returned a run to the hub because it could not be confirmed");
    spool.remove(deliveryId);
  }

  /** The input file that a run needs and this worker does not have, or not as it was accepted. */
  public Optional<BatchRecord.InputFile> missingInputFile(String deliveryId) throws IOException {
    RunOrder order = spool.order(spool.assignment(deliveryId));
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      Optional<BatchRecord.InputFile> wrong =
          run.inputFile().filter(file -> WorkerInputFile.problem(file).isPresent());
      if (wrong.isEmpty()) {
        checked.add(deliveryId);
      }
      return wrong;
    } catch (InvalidRunOrderException e) {
      return Optional.empty(); // prepare() reports it
    }
  }

  /**
   * The hub has sent the input file of this run. It is not fetched again; if it still is not what
   * was accepted, the run stage rejects the run.
   */
  public void fetchedInputFile(String deliveryId) {
    checked.add(deliveryId);
  }

  /**
   * Prepares a run for execution. Returns the order for the run stage, or empty with a stored
   * report when this worker cannot execute it.
   */
  public Optional<RunOrder> prepare(String deliveryId) throws IOException {
    Assignment assignment = spool.assignment(deliveryId);
    RunOrder order = spool.order(assignment);
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      spool.addEarlierAttempts(run.folder(), assignment);
      Optional<String> problem = problem(deliveryId, run);
      if (problem.isPresent()) {
        String message = "worker " + worker + ": " + problem.get();
        spool.storeReport(deliveryId, RunReport.on(order, RunReport.Kind.NOT_READY, message));
        return Optional.empty();
      }
      return Optional.of(order);
    } catch (InvalidRunOrderException e) {
      spool.storeReport(
          deliveryId, RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<String> problem(String deliveryId, Run run) {
    Optional<String> keyProblem = secrets.problem(run.parameters());
    if (keyProblem.isPresent()) {
      return keyProblem;
    }
    Optional<BatchRecord.InputFile> input = run.inputFile();
    Optional<String> inputProblem =
        input.filter(file -> !checked.contains(deliveryId)).flatMap(WorkerInputFile::problem);
    return inputProblem.isPresent()
        ? inputProblem
        : versionProblem(run.batch().record().versions().aiperf());
  }

  private Optional<String> versionProblem(String required) {
    Optional<String> installed = aiperfVersion.get();
    return required == null || installed.filter(required::equals).isPresent()
        ? Optional.empty()
        : Optional.of(
            "its aiperf is "
                + installed.orElse("none")
                + ", the batch was accepted for "
                + required);
  }

  /** Stores the run stage's report; synced when this returns. */
  public void storeReport(RunReport report) throws IOException {
    spool.storeReport(Spool.deliveryIdOf(Path.of(report.batchFolder())), report);
  }

  /** Writes the result archive of a run to a stream. */
  public void pack(String deliveryId, OutputStream to) throws IOException {
    RunReport report = spool.report(deliveryId).orElseThrow();
    RunOrder order = spool.order(spool.assignment(deliveryId));
    Path folder = spool.batch(deliveryId);
    List<Path> files = List.of();
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      folder = run.folder();
      files = runs.files(run);
    } catch (InvalidRunOrderException e) {
      LOG.warn("{} has no folder here: {}", order.runId(), e.getMessage());
    }
    if (shared.isPresent()) {
      shared.get().put(deliveryId, folder, files);
    }
    ResultArchive.pack(deliveryId, worker, report, folder, files, shared.isPresent(), to);
  }

  /** The id of a run in the spool; its delivery id if the assignment cannot be read. */
  public String runId(String deliveryId) {
    try {
      return spool.assignment(deliveryId).order().runId();
    } catch (IOException e) {
      return deliveryId;
    }
  }

  /** Delivery ids of the runs that have a report and are not yet recorded by the hub. */
  public List<String> finished() throws IOException {
    leftRuns.report();
    return spool.deliveryIds().stream().filter(this::isFinished).toList();
  }

  private boolean isFinished(String deliveryId) {
    try {
      return spool.report(deliveryId).isPresent();
    } catch (IOException e) {
      leftRuns.add(deliveryId, "its report cannot be read");
      return false;
    }
  }

  /**
   * Delivery ids of all runs in the spool except those that hang, so that the hub reassigns these
   * after their lease.
   *
   * @param hanging orders of the runs that could not be stopped
   */
  Set<String> holding(Collection<RunOrder> hanging) throws IOException {
    Set<String> holding = new HashSet<>(spool.deliveryIds());
    for (RunOrder order : hanging) {
      String deliveryId = Spool.deliveryIdOf(Path.of(order.batchFolder()));
      if (holding.contains(deliveryId) && unfinished(deliveryId).isPresent()) {
        holding.remove(deliveryId);
      }
    }
    return holding;
  }

  /** The hooks that run for runs in the spool, in words, by delivery id. */
  Map<String, String> hooks() throws IOException {
    return new SpooledHooks(spool, runs).underway();
  }

  /** Removes a run whose outcome the hub has recorded; ignores runs of other workers. */
  void recorded(String deliveryId) throws IOException {
    if (spool.contains(deliveryId)) {
      forget(deliveryId);
      spool.remove(deliveryId);
    }
  }

  /** Keeps the files of a run, which the hub did not take; ignores runs of other workers. */
  void refused(String deliveryId) throws IOException {
    if (spool.contains(deliveryId)) {
      forget(deliveryId);
      String run = runId(deliveryId);
      LOG.warn(
          "The hub refused the files of {}; its log says why. They are kept in {} until you delete"
              + " them",
          run,
          spool.keep(deliveryId));
    }
  }

  private void forget(String deliveryId) throws IOException {
    checked.remove(deliveryId);
    if (shared.isPresent()) {
      shared.get().remove(deliveryId);
    }
  }

  /** The order of an unfinished run in the spool. */
  Optional<RunOrder> unfinished(String deliveryId) throws IOException {
    return spool.contains(deliveryId) && spool.report(deliveryId).isEmpty()
        ? Optional.of(spool.order(spool.assignment(deliveryId)))
        : Optional.empty();
  }
}
