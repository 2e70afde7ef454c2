package dev.caravan.pipeline.accept;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigReader;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.plan.Sweep;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import dev.caravan.storage.Leftovers;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Creates batch folders and reads them back. Caches the batches used last. */
public final class BatchStore {

  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss");
  private static final int CACHE_SIZE = 16;

  private final DurableFiles files;
  private final Map<Path, Batch> cache =
      Collections.synchronizedMap(
          new LinkedHashMap<>(CACHE_SIZE, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Path, Batch> eldest) {
              return size() > CACHE_SIZE;
            }
          });

  public BatchStore(DurableFiles files) {
    this.files = files;
  }

  /** Creates the record once the folder name, and with it the id, is known. */
  public interface RecordFactory {

    /** The content of batch.json for a batch with this id. */
    BatchRecord record(String id) throws IOException;
  }

  /**
   * Creates a batch folder below {@code parent}: builds it under a temporary name, then renames it
   * to the current local time, with _2, _3 … appended when that name is taken, here or by a batch
   * of the same name in another output folder of the home. Ids are thus unique in a home, except
   * those that an older version gave and those of batches copied from elsewhere.
   */
  Batch create(
      OutputFolders outputs,
      Path parent,
      String claimId,
      byte[] configBytes,
      BenchmarkConfig config,
      RecordFactory records)
      throws IOException {
    String timestamp = LocalDateTime.now().format(TIMESTAMP);
    files.createDirectories(parent);
    new Leftovers(files).deleteCutOff(parent);
    Path building = parent.resolve("." + timestamp + "." + claimId + ".tmp");
    files.delete(building);
    files.createDirectories(building);
    files.writeWhole(building.resolve(BatchFolder.CONFIG), configBytes);
    for (int n = 1; ; n++) {
      String name = n == 1 ? timestamp : timestamp + "_" + n;
      String id = config.batchName() + "/" + name;
      if (Files.exists(parent.resolve(name)) || !outputs.reserve(id, claimId)) {
        continue;
      }
      try {
        BatchRecord record = records.record(id);
        files.writeWhole(building.resolve(BatchFolder.RECORD), Json.file(record));
        if (renameIfFree(building, parent.resolve(name))) {
          return remember(new Batch(parent.resolve(name), record, config, new Sweep(config)));
        }
      } finally {
        outputs.release(id);
      }
    }
  }

  /**
   * Reads a batch folder back.
   *
   * @throws UnreadableBatchException when it is not a complete batch folder
   */
  public Batch load(Path folder) throws UnreadableBatchException {
    Batch cached = cache.get(folder);
    if (cached != null) {
      return cached;
    }
    try {
      return remember(read(folder));
    } catch (ConfigRefusedException e) {
      throw new UnreadableBatchException(
          "this version does not accept the config: " + e.getMessage(), e);
    } catch (NoSuchFileException e) {
      throw new UnreadableBatchException("there is no " + e.getFile(), e);
    } catch (IOException e) {
      throw new UnreadableBatchException(e.getMessage(), e);
    } catch (RuntimeException | StackOverflowError e) {
      throw new UnreadableBatchException("cannot be read as a batch: " + e, e);
    }
  }

  /** The batch in this folder; empty when it cannot be read. */
  public Optional<Batch> find(Path folder) {
    try {
      return Optional.of(load(folder));
    } catch (UnreadableBatchException e) {
      return Optional.empty();
    }
  }

  private static Batch read(Path folder) throws ConfigRefusedException, IOException {
    Path file = folder.resolve(BatchFolder.CONFIG);
    byte[] bytes = RegularFiles.read(file);
    BatchRecord record = Json.read(folder.resolve(BatchFolder.RECORD), BatchRecord.class);
    BenchmarkConfig config =
        new ConfigReader(PermissiveRules.INSTANCE).read(bytes, record.overrides(), file.toString());
    return new Batch(folder, record, config, new Sweep(config));
  }

  /** Removes the temporary folders that an interrupted acceptance of this claim left behind. */
  public void removeUnfinished(Path parent, String claimId) throws IOException {
    for (Path entry : Files.isDirectory(parent) ? files.list(parent) : List.<Path>of()) {
      String name = entry.getFileName().toString();
      if (name.startsWith(".") && name.endsWith("." + claimId + ".tmp")) {
        files.delete(entry);
      }
    }
  }

  private boolean renameIfFree(Path building, Path folder) throws IOException {
    try {
      return files.moveIfFree(building, folder);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      return false;
    }
  }

  private Batch remember(Batch batch) {
    cache.put(batch.folder(), batch);
    return batch;
  }
}
