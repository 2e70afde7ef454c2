package dev.caravan.fleet.worker;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.DeliveryId;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Control;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.WithheldFiles;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DamagedFileException;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs assigned to a worker, one folder each in {@code .caravan/spool/}, until the hub has
 * recorded them:
 *
 * <pre>
 * {@code <delivery id>/assignment.json   the assignment as received}
 * {@code <delivery id>/batch/            a batch folder for this one run}
 * {@code <delivery id>/confirmed         exists once the broker will not redeliver the run}
 * {@code <delivery id>/report.json       exists once the run has ended}
 * </pre>
 */
final class Spool {

  private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
  private static final String ASSIGNMENT = "assignment.json";
  private static final String BATCH = "batch";
  private static final String CONFIRMED = "confirmed";
  private static final String REPORT = "report.json";
  private static final String ASIDE = ".damaged";
  private static final String REFUSED = ".refused";

  private final Home home;
  private final Path folder;
  private final Path datasets;
  private final DurableFiles durableFiles;
  private final WithheldFiles withheld;

  Spool(Home home, DurableFiles durableFiles) throws IOException {
    this.home = home;
    this.folder = folder(home);
    this.datasets = home.datasets();
    this.durableFiles = durableFiles;
    this.withheld = new WithheldFiles(home, durableFiles);
    durableFiles.createDirectories(folder);
    for (Path entry : durableFiles.list(folder)) {
      open(entry);
    }
  }

  /** Keeps what is complete, and logs what is damaged, which affects that run alone. */
  private void open(Path entry) {
    String name = entry.getFileName().toString();
    try {
      if (!name.contains(ASIDE)
          && !name.endsWith(REFUSED)
          && !(DeliveryId.isValid(name) && isWhole(entry))) {
        durableFiles.delete(entry); // incomplete: the worker died while creating or removing it
      } else if (DeliveryId.isValid(name)) {
        repair(name);
      }
    } catch (IOException e) {
      LOG.error("Cannot clean up {}: {}", entry, e.toString());
    }
  }

  /** A run that was not confirmed is redelivered by the broker, or expires on the hub. */
  private static boolean isWhole(Path entry) {
    return !RegularFiles.isAbsent(entry.resolve(ASSIGNMENT))
        && !(RegularFiles.isAbsent(entry.resolve(CONFIRMED))
            && RegularFiles.isAbsent(entry.resolve(REPORT)));
  }

  /**
   * Sets aside what is damaged of a run: its report, so that it is reported by what it left in its
   * folder; or all of it, so that the hub assigns it again.
   *
   * @throws IOException also when the run cannot be read at the moment; nothing is set aside then
   */
  void repair(String deliveryId) throws IOException {
    try {
      assignment(deliveryId);
    } catch (DamagedFileException | NoSuchFileException e) {
      LOG.error("Set aside a run, which the hub assigns again: {}", e.toString());
      setAside(deliveryId);
      return;
    }
    try {
      report(deliveryId);
    } catch (DamagedFileException e) {
      LOG.error("Set aside the report on a run: {}", e.toString());
      durableFiles.setAside(folder(deliveryId).resolve(REPORT));
    }
  }

  /** Only the owner of the home may read what is set aside: its files may not be masked. */
  private void setAside(String deliveryId) throws IOException {
    Path run = folder(deliveryId);
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx------"));
    withheld.keep(run, deliveryId);
    durableFiles.setAside(run);
  }

  /** Keeps the folder of a run under another name, until somebody deletes it; returns its path. */
  Path keep(String deliveryId) throws IOException {
    withheld.keep(folder(deliveryId), deliveryId);
    Path kept = folder.resolve(deliveryId + REFUSED);
    durableFiles.move(folder(deliveryId), kept);
    return kept;
  }

  /** The spool folder of a home. */
  static Path folder(Home home) {
    return StateFolder.SPOOL.in(home);
  }

  /** Whether the run with this delivery id is in the spool. */
  boolean contains(String deliveryId) {
    return Files.isDirectory(folder(deliveryId));
  }

  /** Adds an assignment; synced when this returns. */
  void add(Assignment assignment) throws IOException {
    Path building = folder.resolve("." + assignment.deliveryId() + ".tmp");
    durableFiles.delete(building);
    Path batch = building.resolve(BATCH);
    durableFiles.createDirectories(batch);
    Files.write(building.resolve(ASSIGNMENT), Json.file(assignment));
    Files.write(batch.resolve(BatchFolder.CONFIG), assignment.config());
    Files.write(
        batch.resolve(BatchFolder.RECORD), Json.file(withLocalInputFiles(assignment.batch())));
    if (assignment.control() != null && !assignment.control().equals(Control.NONE)) {
      Files.write(batch.resolve(BatchFolder.CONTROL), Json.file(assignment.control()));
    }
    durableFiles.syncAll(building);
    durableFiles.move(building, folder(assignment.deliveryId()));
  }

  /**
   * Marks that the broker has confirmed the run for this worker. Not synced: a run that loses its
   * mark in a power cut expires on the hub.
   */
  void confirm(String deliveryId) throws IOException {
    Files.createFile(folder(deliveryId).resolve(CONFIRMED));
  }

  /** The batch record with the input files' paths in this worker's datasets/. */
  private BatchRecord withLocalInputFiles(BatchRecord remote) {
    List<BatchRecord.InputFile> files =
        remote.inputFiles().stream()
            .map(file -> file.at(datasets.resolve(WorkerInputFile.name(file))))
            .toList();
    return new BatchRecord(
        remote.schema(),
        remote.id(),
        remote.owner(),
        remote.claimId(),
        remote.acceptedAt(),
        remote.sequence(),
        remote.priority(),
        remote.sourceFile(),
        remote.submittedBy(),
        remote.sha256(),
        remote.overrides(),
        remote.runs(),
        remote.sweeps(),
        remote.labels(),
        files,
        remote.versions(),
        remote.host());
  }

  /** Writes what the hub tells of earlier attempts and hooks where the run stage looks for it. */
  void addEarlierAttempts(Path runFolder, Assignment assignment) throws IOException {
    List<String> earlier = assignment.earlier();
    for (int n = 1; n <= earlier.size(); n++) {
      Path attempt = runFolder.resolve(RunFolder.ATTEMPTS).resolve(String.valueOf(n));
      Files.createDirectories(attempt);
      write(attempt.resolve("process_result.json"), earlier.get(n - 1));
    }
    HookRecord hooks = assignment.earlierHooks().takenOver(HomeId.of(home, durableFiles));
    if (!hooks.hooks().isEmpty()) {
      Files.createDirectories(runFolder);
      Files.write(new RunFolder(runFolder).hooks(), hooks.json());
    }
  }

  Assignment assignment(String deliveryId) throws IOException {
    Path file = folder(deliveryId).resolve(ASSIGNMENT);
    Assignment found = Json.read(file, Assignment.class);
    if (!found.deliveryId().equals(deliveryId)) {
      throw new DamagedFileException(file.toString(), "an assignment of another run");
    }
    return found;
  }

  /** The delivery id of the run that has this batch folder. */
  static String deliveryIdOf(Path batch) {
    return batch.getParent().getFileName().toString();
  }

  /** The batch folder of this one run. */
  Path batch(String deliveryId) {
    return folder(deliveryId).resolve(BATCH);
  }

  /** The order with its batch folder in the spool. */
  RunOrder order(Assignment assignment) {
    RunOrder remote = assignment.order();
    return new RunOrder(
        remote.schema(),
        remote.runId(),
        batch(assignment.deliveryId()).toString(),
        remote.runIndex(),
        remote.ending());
  }

  /** Stores the report on a run; synced when this returns. */
  void storeReport(String deliveryId, RunReport report) throws IOException {
    durableFiles.writeWhole(folder(deliveryId).resolve(REPORT), Json.file(report));
  }

  /** The report on the run; empty while there is none. */
  Optional<RunReport> report(String deliveryId) throws IOException {
    Path file = folder(deliveryId).resolve(REPORT);
    return RegularFiles.isAbsent(file)
        ? Optional.empty()
        : Optional.of(Json.read(file, RunReport.class));
  }

  /** Removes a run atomically: an interrupted removal leaves nothing under its delivery id. */
  void remove(String deliveryId) throws IOException {
    withheld.keep(folder(deliveryId), deliveryId);
    Path removing = folder.resolve("." + deliveryId + ".gone");
    durableFiles.move(folder(deliveryId), removing);
    durableFiles.delete(removing);
  }

  /** The delivery ids of all runs in the spool. */
  List<String> deliveryIds() throws IOException {
    List<String> deliveryIds = new ArrayList<>();
    for (Path entry : durableFiles.list(folder)) {
      if (DeliveryId.isValid(entry.getFileName().toString())) {
        deliveryIds.add(entry.getFileName().toString());
      }
    }
    return deliveryIds;
  }

  private Path folder(String deliveryId) {
    if (!DeliveryId.isValid(deliveryId)) {
      throw new IllegalArgumentException("not a delivery id: " + deliveryId);
    }
    return folder.resolve(deliveryId);
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
