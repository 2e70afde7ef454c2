package dev.caravan.observe.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
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
 * What lists say of batches, kept in a file so that a list costs two looks at each batch and not
 * its reading. The file may be deleted at any time: it is made again from the trees.
 */
public final class BatchIndex {

  private static final Logger LOG = LoggerFactory.getLogger(BatchIndex.class);

  /** Goes up when an entry changes its meaning; older files are then not taken. */
  private static final int VERSION = 1;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** An entry and what it was made from. */
  private record Kept(
      @JsonProperty("stamp") String stamp, @JsonProperty("entry") BatchEntry entry) {}

  private record Content(
      @JsonProperty("version") int version, @JsonProperty("batches") Map<String, Kept> batches) {}

  private final Path file;
  private final BatchReader reader;
  private final DurableFiles files = new DurableFiles();

  /**
   * An index.
   *
   * @param file where it is kept
   */
  public BatchIndex(Path file, BatchReader reader) {
    this.file = file;
    this.reader = reader;
  }

  /** Where a home keeps it. */
  public static Path of(Home home) {
    return home.state().resolve("cache/list.json");
  }

  /** The entries of these batch folders, in their order; what cannot be read is left out. */
  public List<BatchEntry> entries(List<Path> folders) {
    Map<String, Kept> known = read();
    List<BatchEntry> entries = new ArrayList<>();
    boolean changed = false;
    for (Path folder : folders) {
      String key = folder.toAbsolutePath().normalize().toString();
      try {
        String stamp = stamp(folder);
        Kept kept = known.get(key);
        if (kept == null || !kept.stamp().equals(stamp)) {
          kept = new Kept(stamp, new BatchEntryReader(reader).entry(folder));
          known.put(key, kept);
          changed = true;
        }
        entries.add(kept.entry());
      } catch (IOException e) {
        LOG.debug("{} is left out: {}", folder, e.toString());
      }
    }
    if (changed) {
      write(known);
    }
    return entries;
  }

  /** Changes whenever an entry made from the folder might be another one. */
  private static String stamp(Path folder) throws IOException {
    return stampOf(folder.resolve(Batch.RECORD))
        + stampOf(folder.resolve(ResultWriter.SUMMARY))
        + (TreeFolderKind.isBatch(folder) ? "" : stampOf(folder));
  }

  private static String stampOf(Path file) throws IOException {
    try {
      BasicFileAttributes of = Files.readAttributes(file, BasicFileAttributes.class);
      return of.lastModifiedTime().toMillis() + "/" + of.size() + "/" + of.fileKey() + ";";
    } catch (NoSuchFileException e) {
      return "-;";
    }
  }

  private Map<String, Kept> read() {
    try {
      Content content = MAPPER.readValue(file.toFile(), Content.class);
      return content.version() == VERSION && content.batches() != null
          ? new HashMap<>(content.batches())
          : new HashMap<>();
    } catch (IOException e) {
      return new HashMap<>(); // absent or damaged: made again
    }
  }

  private void write(Map<String, Kept> entries) {
    try {
      files.createDirectories(file.getParent());
      entries.keySet().removeIf(folder -> !Files.isDirectory(Path.of(folder)));
      files.writeWhole(file, MAPPER.writeValueAsBytes(new Content(VERSION, entries)));
    } catch (IOException e) {
      LOG.debug("The list is not kept: {}", e.toString()); // a read-only place lists all the same
    }
  }
}
