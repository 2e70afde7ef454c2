package dev.caravan.pipeline.accept;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reads and writes the {@code control.json} of batches. Thread-safe. */
public final class ControlStore {

  private static final int CACHE_SIZE = 16;

  /** Each write creates a new file, so the file key tells whether the entry is current. */
  private record CacheEntry(Object key, long modified, Control control) {}

  private final DurableFiles files;
  private final Map<Path, CacheEntry> cache =
      new LinkedHashMap<>(CACHE_SIZE, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, CacheEntry> eldest) {
          return size() > CACHE_SIZE;
        }
      };

  public ControlStore(DurableFiles files) {
    this.files = files;
  }

  /** What has been requested for a batch. */
  public Control of(Batch batch) throws IOException {
    return of(batch.folder());
  }

  /** What has been requested for the batch in this folder. */
  public synchronized Control of(Path batchFolder) throws IOException {
    Path file = batchFolder.resolve(BatchFolder.CONTROL);
    try {
      BasicFileAttributes now =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      CacheEntry entry = cache.get(file);
      long modified = now.lastModifiedTime().toMillis();
      if (entry == null || !entry.key().equals(now.fileKey()) || entry.modified() != modified) {
        entry = new CacheEntry(now.fileKey(), modified, read(file));
        cache.put(file, entry);
      }
      return entry.control();
    } catch (NoSuchFileException e) {
      return Control.NONE;
    }
  }

  private static Control read(Path file) throws UnreadableBatchException {
    try {
      return Optional.ofNullable(Json.read(file, Control.class)).orElse(Control.NONE);
    } catch (IOException e) {
      throw new UnreadableBatchException(e.getMessage(), e);
    }
  }

  /** Stores what has been requested for a batch. */
  public synchronized void write(Batch batch, Control control) throws IOException {
    files.writeOver(batch.folder().resolve(BatchFolder.CONTROL), Json.file(control));
  }
}
