package dev.caravan.pipeline.accept;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the orders given to batches in their folders. Threadsafe. */
public final class ControlStore {

  /** The file in a batch folder. */
  public static final String FILE = "control.json";

  private static final int KEPT = 16;

  /** Each write makes a new file, so its key tells whether it is the one that was read. */
  private record Seen(Object key, long modified, Control control) {}

  private final DurableFiles files;
  private final Map<Path, Seen> recent =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Seen> eldest) {
          return size() > KEPT;
        }
      };

  public ControlStore(DurableFiles files) {
    this.files = files;
  }

  /** The orders given to a batch. */
  public Control of(Batch batch) throws IOException {
    return of(batch.folder());
  }

  /** The orders given to the batch in this folder. */
  public synchronized Control of(Path batchFolder) throws IOException {
    Path file = batchFolder.resolve(FILE);
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      Seen seen = recent.get(file);
      long modified = now.lastModifiedTime().toMillis();
      if (seen == null || !seen.key().equals(now.fileKey()) || seen.modified() != modified) {
        seen = new Seen(now.fileKey(), modified, Json.read(file, Control.class));
        recent.put(file, seen);
      }
      return seen.control();
    } catch (NoSuchFileException e) {
      return Control.NONE;
    }
  }

  /** Writes the orders given to a batch. */
  public synchronized void write(Batch batch, Control control) throws IOException {
    files.writeWhole(batch.folder().resolve(FILE), Json.file(control));
  }
}
