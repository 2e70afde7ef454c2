package dev.caravan.pipeline.accept;

import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Claim;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The home's list of unfinished batches: one small file each in {@code .caravan/open/}, named by
 * order of acceptance. Thread-safe.
 */
public final class OpenBatches {

  /**
   * One entry.
   *
   * @param sequence order of acceptance
   * @param claimId the claim that becomes, or became, the batch
   * @param parent folder that contains, or will contain, the batch folder; stored relative to the
   *     home when it is inside, so that a home can be moved
   */
  public record Entry(long sequence, String claimId, String parent) {}

  private static final Logger LOG = LoggerFactory.getLogger(OpenBatches.class);

  private final Home home;
  private final DurableFiles durableFiles;
  private final OutputFolders outputs;
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);

  public OpenBatches(Home home, DurableFiles durableFiles) {
    this.home = home;
    this.durableFiles = durableFiles;
    this.outputs = new OutputFolders(home, durableFiles);
  }

  /** The output folders of all batches of the home, also of those that have ended. */
  OutputFolders outputs() {
    return outputs;
  }

  /** Adds a claim that is about to become a batch below {@code parent}. */
  public synchronized Entry add(String claimId, Path parent) throws IOException {
    durableFiles.createDirectories(home.openBatches());
    List<Path> files = files();
    long last = files.isEmpty() ? 0 : sequence(files.get(files.size() - 1));
    Entry entry = new Entry(last + 1, claimId, parent.toString());
    durableFiles.writeWhole(
        file(entry), Json.file(new Entry(entry.sequence(), claimId, home.display(parent))));
    return entry;
  }

  /** Whether there is no list, not even an empty one. */
  public boolean isMissing() {
    return !Files.isDirectory(home.openBatches());
  }

  /** Creates an empty list when there is none. */
  public void prepare() throws IOException {
    durableFiles.createDirectories(home.openBatches());
  }

  /** Adds a batch that was finished before, unless it is on the list. */
  public synchronized void ensure(Batch batch) throws IOException {
    if (entriesOf(batch.record().claimId()).isEmpty()) {
      add(batch.record().claimId(), batch.folder().getParent());
    }
  }

  /**
   * Removes a finished batch, but not before its config is archived: only the list shows that a
   * claimed config has become a batch.
   *
   * @return false when it must stay on the list for now
   */
  public synchronized boolean remove(String claimId) throws IOException {
    for (Path claimed : durableFiles.list(home.claimed())) {
      if (Claim.of(claimed).id().equals(claimId)) {
        return false;
      }
    }
    forget(claimId);
    return true;
  }

  /** Removes a claim that has not become a batch. */
  synchronized void forget(String claimId) throws IOException {
    for (Path file : files()) {
      if (isOf(file, claimId)) {
        durableFiles.delete(file);
      }
    }
  }

  /** All entries, in order of acceptance. */
  public synchronized List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path file : files()) {
      read(file).ifPresent(entries::add);
    }
    return entries;
  }

  /** The entries of one claim: one or none. */
  public synchronized List<Entry> entriesOf(String claimId) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path file : files()) {
      if (isOf(file, claimId)) {
        read(file).ifPresent(entries::add);
      }
    }
    return entries;
  }

  /** The batch folder that a claim became; empty when it has not become one. */
  public Optional<Path> folder(Entry entry) throws IOException {
    return Optional.ofNullable(byClaim(entry.parent()).get(entry.claimId()));
  }

  /**
   * The batch folders of all entries that have one, in order of acceptance. Reads each batch.json
   * below a parent once, even when several entries share the parent.
   */
  public List<Path> folders() throws IOException {
    Map<String, Map<String, Path>> byParent = new HashMap<>();
    List<Path> folders = new ArrayList<>();
    for (Entry entry : entries()) {
      Map<String, Path> byClaim = byParent.get(entry.parent());
      if (byClaim == null) {
        byClaim = byClaim(entry.parent());
        byParent.put(entry.parent(), byClaim);
      }
      Optional.ofNullable(byClaim.get(entry.claimId())).ifPresent(folders::add);
    }
    return folders;
  }

  private Map<String, Path> byClaim(String parent) throws IOException {
    Map<String, Path> folders = new HashMap<>();
    for (Path folder : batchFolders(parent)) {
      try {
        claimOf(folder).ifPresent(claim -> folders.put(claim, folder));
      } catch (IOException e) {
        if (troubles.add(folder.toString(), e.toString())) {
          LOG.error("Not resumed, cannot read {}: {}", folder, e.getMessage());
        }
      }
    }
    return folders;
  }

  private List<Path> batchFolders(String parent) throws IOException {
    if (!Files.isDirectory(Path.of(parent))) {
      return List.of(); // missing, a file, or a name that no folder can have
    }
    return durableFiles.list(Path.of(parent)).stream()
        .filter(folder -> !folder.getFileName().toString().startsWith("."))
        .filter(Files::isDirectory)
        .toList();
  }

  /** The claim that became the batch in this folder; empty if there is none. */
  private static Optional<String> claimOf(Path folder) throws IOException {
    return Json.readListed(folder.resolve(BatchFolder.RECORD), BatchRecord.class)
        .map(BatchRecord::claimId);
  }

  private List<Path> files() throws IOException {
    return durableFiles.list(home.openBatches()).stream()
        .filter(file -> file.getFileName().toString().matches("\\d{10}_[0-9a-f]+\\.json"))
        .toList();
  }

  /** Skips a damaged entry: only its own batch is affected. */
  private Optional<Entry> read(Path file) {
    try {
      Optional<Entry> entry = Json.readListed(file, Entry.class);
      return entry.isPresent() ? Optional.of(resolved(entry.get())) : Optional.empty();
    } catch (IOException | InvalidPathException e) {
      if (troubles.add(file.toString(), e.toString())) {
        LOG.error("Batch not resumed, damaged list entry {}: {}", file, e.getMessage());
      }
      return Optional.empty();
    }
  }

  private Entry resolved(Entry entry) throws IOException {
    if (entry.claimId() == null || entry.parent() == null) {
      throw new IOException("claim_id or parent is missing");
    }
    String parent = home.root().resolve(entry.parent()).toString();
    return new Entry(entry.sequence(), entry.claimId(), parent);
  }

  private static boolean isOf(Path file, String claimId) {
    return file.getFileName().toString().endsWith("_" + claimId + ".json");
  }

  private static long sequence(Path file) {
    return Long.parseLong(file.getFileName().toString().substring(0, 10));
  }

  private Path file(Entry entry) {
    return home.openBatches()
        .resolve(String.format("%010d_%s.json", entry.sequence(), entry.claimId()));
  }
}
