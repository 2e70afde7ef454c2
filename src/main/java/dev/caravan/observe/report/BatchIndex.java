package dev.caravan.observe.report;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache of list entries in a file, so that a list stats three files per batch instead of reading
 * its results. The file may be deleted at any time; it is rebuilt from the result trees.
 */
public final class BatchIndex {

  private static final Logger LOG = LoggerFactory.getLogger(BatchIndex.class);

  /**
   * Incremented when the format changes, or what an entry says of the same files; files of another
   * version are ignored.
   */
  private static final int VERSION = 11;

  /** An entry, and a fingerprint of the files that it was read from. */
  private record Cached(String stamp, BatchEntry entry) {}

  private record Content(int version, Map<String, Cached> batches) {}

  private final Path file;
  private final BatchEntryReader entryReader;
  private final DurableFiles files;
  private final Map<String, Cached> known = new HashMap<>();
  private boolean isRead;
  private boolean isChanged;

  /**
   * An index.
   *
   * @param file the cache file; created when missing
   */
  public BatchIndex(Path file, BatchReader reader) {
    this(file, reader, new DurableFiles());
  }

  /** An index that changes its cache file through {@code files}. */
  public BatchIndex(Path file, BatchReader reader, DurableFiles files) {
    this.file = file;
    this.files = files;
    this.entryReader = new BatchEntryReader(reader);
  }

  /** The cache file of a home. */
  public static Path of(Home home) {
    return StateFolder.CACHE.in(home).resolve("list.json");
  }

  /** The entries of these batch folders, in order; unreadable ones are left out. */
  public synchronized List<BatchEntry> entries(List<Path> folders) {
    List<BatchEntry> entries = unsaved(folders);
    save();
    return entries;
  }

  /** The same without writing the file, for a caller that asks for more before it saves. */
  public synchronized List<BatchEntry> unsaved(List<Path> folders) {
    if (!isRead) {
      known.putAll(read());
      isRead = true;
    }
    List<BatchEntry> entries = new ArrayList<>();
    for (Path folder : folders) {
      String key = folder.toAbsolutePath().normalize().toString();
      try {
        String stamp = stamp(folder);
        Cached cached = known.get(key);
        if (cached == null || !stamp.equals(cached.stamp()) || cached.entry() == null) {
          cached = new Cached(stamp, entryReader.entry(folder));
          known.put(key, cached);
          isChanged = true;
        }
        entries.add(cached.entry());
      } catch (IOException | RuntimeException e) {
        LOG.debug("Left {} out of the list: {}", folder, e.toString());
      }
    }
    return entries;
  }

  /** Writes the file if an entry was read since it was written. */
  public synchronized void save() {
    if (isChanged) {
      isChanged = false;
      write(known);
    }
  }

  /** Changes whenever the folder's entry may have changed. */
  private static String stamp(Path folder) throws IOException {
    return fileStamp(folder.resolve(BatchFolder.RECORD))
        + fileStamp(folder.resolve(BatchFolder.SUMMARY))
        + fileStamp(folder.resolve(BatchFolder.COMPARISON))
        + (ResultFolders.isBatch(folder) ? "" : fileStamp(folder));
  }

  private static String fileStamp(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.lastModifiedTime().toMillis()
          + "/"
          + attributes.size()
          + "/"
          + attributes.fileKey()
          + ";";
    } catch (NoSuchFileException e) {
      return "-;";
    }
  }

  private Map<String, Cached> read() {
    try {
      Content content = Json.read(file, Content.class);
      return content.version() == VERSION && content.batches() != null
          ? new HashMap<>(content.batches())
          : new HashMap<>();
    } catch (IOException e) {
      return new HashMap<>(); // absent or damaged: rebuilt
    }
  }

  private void write(Map<String, Cached> entries) {
    try {
      files.createDirectories(file.getParent());
      entries.keySet().removeIf(folder -> !Files.isDirectory(Path.of(folder)));
      files.writeWhole(file, Json.MAPPER.writeValueAsBytes(new Content(VERSION, entries)));
    } catch (IOException e) {
      LOG.debug(
          "Could not write the batch cache: {}",
          e.toString()); // a read-only home still lists its batches
    }
  }
}
