package dev.caravan.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes what earlier processes have left; what cannot be deleted is logged, and stays. */
public final class Leftovers {

  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  /** What is being made changes more often. */
  private static final Duration LONGEST_WRITE = Duration.ofDays(1);

  private final DurableFiles files;

  /** Deletes through {@code files}. */
  public Leftovers(DurableFiles files) {
    this.files = files;
  }

  /** Deletes the entries of a folder that have not changed for this long. */
  public void deleteUnchanged(Path folder, Duration age) throws IOException {
    for (Path entry : files.list(folder)) {
      if (isUnchanged(entry, age)) {
        deleteOrLog(entry);
      }
    }
  }

  /** Deletes what kills have left in a folder of files and folders that were to be made there. */
  public void deleteCutOff(Path folder) throws IOException {
    for (Path entry : files.list(folder)) {
      if (FileNames.isTemporary(entry) && isUnchanged(entry, LONGEST_WRITE)) {
        deleteOrLog(entry);
      }
    }
  }

  /** Whether this entry is there, and has not changed for this long. */
  public static boolean isUnchanged(Path entry, Duration age) {
    try {
      return Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS)
          .toInstant()
          .isBefore(Instant.now().minus(age));
    } catch (IOException e) {
      return false; // Another process has removed or renamed it.
    }
  }

  /** Makes a folder that holds nothing an earlier process left; what cannot be deleted stays. */
  public void createEmpty(Path folder) throws IOException {
    files.createDirectories(folder);
    files.list(folder).forEach(this::deleteOrLog);
  }

  private void deleteOrLog(Path entry) {
    try {
      files.delete(entry);
    } catch (IOException e) {
      LOG.warn("Cannot remove {}: {}", entry, e.toString());
    }
  }
}
