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
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's side of the runs it was given: keeps each until the hub has its outcome, and never
 * starts one again.
 */
public final class WorkerService {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerService.class);

  private final String worker;
  private final Spool spool;
  private final RemoteRuns runs;
  private final SecretStore keys;
  private final Supplier<Optional<String>> aiperfVersion;
  private final Optional<SharedFolder> shared;

  /**
   * A worker's desk.
   *
   * @param worker its id
   * @param aiperfVersion asked before each run; empty without a usable aiperf
   * @param shared where the files of runs are left for the hub; without it they are sent
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
    this.keys = keys;
    this.aiperfVersion = aiperfVersion;
    this.shared = shared;
  }

  /** The folder below which all batch folders of a worker lie. */
  public static Path place(Home home) {
    return Spool.folder(home);
  }

  /** Reports what an earlier life began and did not end as lost; call it before anything else. */
  public void recover() throws IOException {
    for (String deliveryId : spool.deliveryIds()) {
      if (spool.report(deliveryId).isEmpty()) {
        RunOrder order = spool.order(spool.assignment(deliveryId));
        LOG.warn("{} was lost when this worker ended", order.runId());
        String message = "its worker was started anew";
        try {
          Run run = runs.run(order.batchFolder(), order.runIndex());
          spool.finish(deliveryId, runs.lostHere(order, run, message));
        } catch (InvalidRunOrderException e) {
          spool.finish(deliveryId, RunReport.lost(order, message, Duration.ZERO));
        }
      }
    }
  }

  /**
   * Takes a message from the queue of runs; on the disk when this returns.
   *
   * @return the ticket to execute; empty when it is here already
   * @throws IllegalArgumentException when it is no assignment
   */
  public Optional<String> take(String json) throws IOException {
    Assignment assignment = Assignment.of(json);
    if (spool.has(assignment.deliveryId())) {
      return Optional.empty();
    }
    spool.add(assignment);
    return Optional.of(assignment.deliveryId());
  }

  /** The broker gives this run to nobody else: from now on it is never executed anew. */
  public void begin(String deliveryId) throws IOException {
    spool.begin(deliveryId);
  }

  /** Forgets a run that was not begun. */
  public void drop(String deliveryId) throws IOException {
    LOG.warn("A run was given back, since the broker did not confirm it");
    spool.remove(deliveryId);
  }

  /** The input file that a run needs and this worker lacks: where it is to be put, and its sum. */
  public Optional<BatchRecord.InputFile> lacks(String deliveryId) throws IOException {
    RunOrder order = spool.order(spool.assignment(deliveryId));
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      return run.parameters()
          .inputFile()
          .flatMap(run.batch().record()::inputFile)
          .filter(file -> !Files.exists(Path.of(file.path())));
    } catch (InvalidRunOrderException e) {
      return Optional.empty(); // prepare() says so
    }
  }

  /** Makes a run ready; the order for the run stage as text, empty when it cannot be executed. */
  public Optional<String> prepare(String deliveryId) throws IOException {
    Assignment assignment = spool.assignment(deliveryId);
    RunOrder order = spool.order(assignment);
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      spool.addEarlier(run.folder(), assignment.earlier());
      Optional<String> hindrance = hindrance(run);
      if (hindrance.isPresent()) {
        String message = "worker " + worker + ": " + hindrance.get();
        spool.finish(deliveryId, RunReport.on(order, RunReport.Kind.NOT_READY, message));
        return Optional.empty();
      }
      return Optional.of(order.json());
    } catch (InvalidRunOrderException e) {
      spool.finish(deliveryId, RunReport.on(order, RunReport.Kind.INTERNAL_ERROR, e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<String> hindrance(Run run) throws IOException {
    Optional<String> variable = run.parameters().apiKeyEnvVar();
    if (variable.isPresent() && keys.value(variable.get()).isEmpty()) {
      return Optional.of("$" + variable.get() + " is not set there");
    }
    Optional<BatchRecord.InputFile> input =
        run.parameters().inputFile().flatMap(run.batch().record()::inputFile);
    Optional<String> lacks =
        input.isPresent() ? WorkerInputFile.hindrance(input.get()) : Optional.empty();
    return lacks.isPresent() ? lacks : version(run.batch().record().versions().aiperf());
  }

  private Optional<String> version(String accepted) {
    Optional<String> here = aiperfVersion.get();
    return accepted == null || here.filter(accepted::equals).isPresent()
        ? Optional.empty()
        : Optional.of(
            "its aiperf is " + here.orElse("none") + ", the batch was accepted for " + accepted);
  }

  /** The run stage reported on a run, as message text; on the disk when this returns. */
  public void storeReport(String json) throws IOException {
    RunReport report = RunReport.of(json);
    spool.finish(Spool.deliveryIdOf(Path.of(report.batchFolder())), report);
  }

  /** Packs what became of a run into a stream. */
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

  /** Tickets of the runs that have ended and are not known to be recorded. */
  public List<String> finished() throws IOException {
    Set<String> finished = new HashSet<>();
    for (String deliveryId : spool.deliveryIds()) {
      if (spool.report(deliveryId).isPresent()) {
        finished.add(deliveryId);
      }
    }
    return List.copyOf(finished);
  }

  /**
   * Tickets of all runs that are here, but for those that hang, so that the hub has them done again
   * elsewhere when their lease is over.
   *
   * @param hanging ids of the runs that no limit could end
   */
  Set<String> holding(Collection<String> hanging) throws IOException {
    Set<String> holding = new HashSet<>(spool.deliveryIds());
    for (String deliveryId : hanging.isEmpty() ? Set.<String>of() : Set.copyOf(holding)) {
      if (runId(deliveryId).filter(hanging::contains).isPresent()) {
        holding.remove(deliveryId);
      }
    }
    return holding;
  }

  /** The hub has the outcome of this run, if it was here. */
  void recorded(String deliveryId) throws IOException {
    if (spool.has(deliveryId)) {
      if (shared.isPresent()) {
        shared.get().remove(deliveryId);
      }
      spool.remove(deliveryId);
    }
  }

  /** Id of a run that is here, as the run stage knows it. */
  Optional<String> runId(String deliveryId) throws IOException {
    return spool.has(deliveryId) && spool.report(deliveryId).isEmpty()
        ? Optional.of(spool.assignment(deliveryId).order().runId())
        : Optional.empty();
  }
}
