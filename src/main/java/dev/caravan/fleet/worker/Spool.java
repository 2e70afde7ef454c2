package dev.caravan.fleet.worker;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.fleet.protocol.DeliveryId;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Control;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The runs that a worker was given, one folder each in {@code .caravan/spool/}, kept until the hub
 * has recorded them:
 *
 * <pre>
 * {@code <ticket>/assignment.json   as it came; the folder is made whole, under another name}
 * {@code <ticket>/batch/            a batch folder for this one run}
 * {@code <ticket>/begun             when the broker gives the run to nobody else}
 * {@code <ticket>/report.json       when the run has ended}
 * </pre>
 */
final class Spool {

  private static final String ASSIGNMENT = "assignment.json";
  private static final String BATCH = "batch";
  private static final String BEGUN = "begun";
  private static final String REPORT = "report.json";

  private final Path folder;
  private final Path datasets;
  private final DurableFiles durableFiles;

  Spool(Home home, DurableFiles durableFiles) throws IOException {
    this.folder = folder(home);
    this.datasets = home.datasets();
    this.durableFiles = durableFiles;
    durableFiles.createDirectories(folder);
    for (Path entry : durableFiles.list(folder)) {
      if (!isWhole(entry) || !DeliveryId.isOne(entry.getFileName().toString())) {
        durableFiles.delete(entry); // it was being made, or removed, when its worker ended
      }
    }
  }

  /** One that was not begun is still the broker's to give, or else the hub's to miss. */
  private static boolean isWhole(Path entry) {
    return Files.exists(entry.resolve(ASSIGNMENT))
        && (Files.exists(entry.resolve(BEGUN)) || Files.exists(entry.resolve(REPORT)));
  }

  /** Where a home's spool lies. */
  static Path folder(Home home) {
    return home.state().resolve("spool");
  }

  /** Whether this ticket is here already. */
  boolean has(String deliveryId) {
    return Files.isDirectory(place(deliveryId));
  }

  /** Takes an assignment; on the disk when this returns. */
  void add(Assignment assignment) throws IOException {
    Path building = folder.resolve("." + assignment.deliveryId() + ".tmp");
    durableFiles.delete(building);
    Path batch = building.resolve(BATCH);
    durableFiles.createDirectories(batch);
    write(building.resolve(ASSIGNMENT), assignment.json());
    Files.write(batch.resolve(Batch.CONFIG), assignment.config());
    Files.write(batch.resolve(Batch.RECORD), Json.file(local(assignment.batch())));
    if (assignment.control() != null && !assignment.control().equals(Control.NONE)) {
      Files.write(batch.resolve(ControlStore.FILE), Json.file(assignment.control()));
    }
    durableFiles.syncAll(building);
    durableFiles.move(building, place(assignment.deliveryId()));
  }

  /** Notes that the run is this worker's; what a power cut takes of that, the hub's lease mends. */
  void begin(String deliveryId) throws IOException {
    Files.createFile(place(deliveryId).resolve(BEGUN));
  }

  /** The input files of a batch lie in the worker's datasets/, named by their content. */
  private BatchRecord local(BatchRecord hubs) {
    List<BatchRecord.InputFile> files =
        hubs.inputFiles().stream()
            .map(
                file ->
                    new BatchRecord.InputFile(
                        file.name(),
                        datasets.resolve(WorkerInputFile.name(file)).toString(),
                        file.sha256(),
                        file.rows()))
            .toList();
    return new BatchRecord(
        hubs.schema(),
        hubs.id(),
        hubs.owner(),
        hubs.claimId(),
        hubs.acceptedAt(),
        hubs.sequence(),
        hubs.priority(),
        hubs.sourceFile(),
        hubs.submittedBy(),
        hubs.sha256(),
        hubs.runs(),
        hubs.sweeps(),
        hubs.labels(),
        files,
        hubs.versions(),
        hubs.host());
  }

  /** Puts the beginnings of the earlier attempts where the run stage looks for them. */
  void addEarlier(Path runFolder, List<String> earlier) throws IOException {
    for (int n = 1; n <= earlier.size(); n++) {
      Path attempt = runFolder.resolve("attempts").resolve(String.valueOf(n));
      Files.createDirectories(attempt);
      write(attempt.resolve("process_result.json"), earlier.get(n - 1));
    }
  }

  Assignment assignment(String deliveryId) throws IOException {
    return Assignment.of(Files.readString(place(deliveryId).resolve(ASSIGNMENT)));
  }

  /** The ticket of the run whose batch folder this is. */
  static String deliveryIdOf(Path batch) {
    return batch.getParent().getFileName().toString();
  }

  /** The batch folder of this one run. */
  Path batch(String deliveryId) {
    return place(deliveryId).resolve(BATCH);
  }

  /** The order with the folder it has here. */
  RunOrder order(Assignment assignment) {
    RunOrder hubs = assignment.order();
    return new RunOrder(
        hubs.schema(),
        hubs.runId(),
        batch(assignment.deliveryId()).toString(),
        hubs.runIndex(),
        hubs.ending());
  }

  /** The run has ended; on the disk when this returns. */
  void finish(String deliveryId, RunReport report) throws IOException {
    durableFiles.writeWhole(place(deliveryId).resolve(REPORT), Json.file(report));
  }

  /** What became of the run; empty while it has not ended. */
  Optional<RunReport> report(String deliveryId) throws IOException {
    Path file = place(deliveryId).resolve(REPORT);
    return Files.exists(file)
        ? Optional.of(RunReport.of(Files.readString(file)))
        : Optional.empty();
  }

  /** The hub has it; when this is cut off, nothing of it or all is left under its ticket. */
  void remove(String deliveryId) throws IOException {
    Path removing = folder.resolve("." + deliveryId + ".gone");
    durableFiles.move(place(deliveryId), removing);
    durableFiles.delete(removing);
  }

  /** All that are here. */
  List<String> deliveryIds() throws IOException {
    List<String> deliveryIds = new ArrayList<>();
    for (Path entry : durableFiles.list(folder)) {
      if (DeliveryId.isOne(entry.getFileName().toString())) {
        deliveryIds.add(entry.getFileName().toString());
      }
    }
    return deliveryIds;
  }

  private Path place(String deliveryId) {
    if (!DeliveryId.isOne(deliveryId)) {
      throw new IllegalArgumentException("no ticket: " + deliveryId);
    }
    return folder.resolve(deliveryId);
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
