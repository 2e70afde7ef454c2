package dev.caravan.pipeline.accept;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigReader;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.plan.Sweep;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes batch folders and reads them back. */
public final class BatchStore {

  private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss");
  private static final int KEPT = 16;

  private final DurableFiles files;
  private final Map<Path, Batch> recent =
      Collections.synchronizedMap(
          new LinkedHashMap<>(KEPT, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Path, Batch> eldest) {
              return size() > KEPT;
            }
          });

  public BatchStore(DurableFiles files) {
    this.files = files;
  }

  /** Fills in what is known only once the folder has its name. */
  public interface RecordFactory {

    /** The batch.json of a batch with this id. */
    BatchRecord record(String id) throws IOException;
  }

  /**
   * Makes a batch folder below {@code parent}: built whole under a temporary name, then renamed to
   * the time of day, with _2, _3 … when that is taken.
   */
  public Batch create(
      Path parent,
      String claimId,
      byte[] configBytes,
      BenchmarkConfig config,
      RecordFactory records)
      throws IOException {
    String timestamp = LocalDateTime.now().format(TIMESTAMP);
    files.createDirectories(parent);
    Path building = parent.resolve("." + timestamp + "." + claimId + ".tmp");
    files.delete(building);
    files.createDirectories(building);
    files.writeWhole(building.resolve(Batch.CONFIG), configBytes);
    for (int n = 1; ; n++) {
      String name = n == 1 ? timestamp : timestamp + "_" + n;
      Path folder = parent.resolve(name);
      if (Files.exists(folder)) {
        continue;
      }
      BatchRecord record = records.record(config.batchName() + "/" + name);
      files.writeWhole(building.resolve(Batch.RECORD), Json.file(record));
      if (named(building, folder)) {
        return kept(new Batch(folder, record, config, new Sweep(config)));
      }
    }
  }

  /**
   * Reads a batch folder back.
   *
   * @throws IOException when it is no whole batch folder
   */
  public Batch load(Path folder) throws IOException {
    Batch known = recent.get(folder);
    if (known != null) {
      return known;
    }
    byte[] bytes = Files.readAllBytes(folder.resolve(Batch.CONFIG));
    BatchRecord record = Json.read(folder.resolve(Batch.RECORD), BatchRecord.class);
    try {
      BenchmarkConfig config =
          new ConfigReader(PermissiveRules.INSTANCE)
              .read(bytes, folder.resolve(Batch.CONFIG).toString());
      return kept(new Batch(folder, record, config, new Sweep(config)));
    } catch (ConfigRefusedException e) {
      throw new IOException("not a config that this version takes: " + e.getMessage(), e);
    }
  }

  /** Removes what an acceptance that was cut off had begun to build. */
  public void removeUnfinished(Path parent, String claimId) throws IOException {
    for (Path entry : files.list(parent)) {
      String name = entry.getFileName().toString();
      if (name.startsWith(".") && name.endsWith("." + claimId + ".tmp")) {
        files.delete(entry);
      }
    }
  }

  private boolean named(Path building, Path folder) throws IOException {
    try {
      return files.moveIfFree(building, folder);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      return false;
    }
  }

  private Batch kept(Batch batch) {
    recent.put(batch.folder(), batch);
    return batch;
  }
}
