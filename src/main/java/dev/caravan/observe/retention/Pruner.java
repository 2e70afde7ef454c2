package dev.caravan.observe.retention;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.pipeline.accept.BatchLock;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collection;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes or compresses batches. A batch to delete is renamed first, so that nobody reads half of
 * it; what a kill leaves is deleted by the next call.
 */
public final class Pruner {

  private static final Logger LOG = LoggerFactory.getLogger(Pruner.class);
  private static final String ENDING = ".pruned";
  private static final Pattern LEAVING = Pattern.compile("\\.\\d{8}_\\d{6}\\w{0,99}\\.pruned");

  private final Protection protection;
  private final DurableFiles files;
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);

  /** A pruner that touches nothing that is protected at that moment. */
  public Pruner(Protection protection, DurableFiles files) {
    this.protection = protection;
    this.files = files;
  }

  /** Number of bytes that are deleted, or compressed, when this batch is pruned. */
  public long bytes(Path batch, boolean compresses) throws IOException {
    try {
      return compresses ? packableBytes(batch) : size(batch);
    } catch (NoSuchFileException e) {
      return 0; // Somebody else prunes it at this moment.
    }
  }

  private long packableBytes(Path batch) throws IOException {
    long bytes = 0;
    for (Path run : RunArchive.runs(batch, files)) {
      bytes += new RunArchive(run, files).plannedBytes();
    }
    return bytes;
  }

  /**
   * Prunes a batch.
   *
   * @return the number of bytes that this freed; 0 if somebody else has removed it
   * @throws BatchInUseException when somebody else runs or prunes it
   * @throws IOException with words for the user when it has been opened meanwhile, or files cannot
   *     be changed
   */
  public long prune(Path batch, boolean compresses) throws IOException {
    try (BatchLock lock = BatchLock.take(batch)) {
      LOG.debug("Holding {}", lock);
      requireClosed(batch);
      return compresses ? compress(batch) : delete(batch);
    } catch (SettingsRefusedException e) {
      throw new BatchInUseException(e.getMessage(), e);
    } catch (NoSuchFileException e) {
      if (Files.exists(batch)) {
        throw new IOException("files of it were removed meanwhile", e);
      }
      return 0;
    }
  }

  /**
   * Asked again before each step that takes something away: a batch can be reopened at any time.
   */
  private void requireClosed(Path batch) throws IOException {
    if (protection.isOpen(batch)) {
      throw new IOException("runs of it are to be executed again");
    }
  }

  private long compress(Path batch) throws IOException {
    long freed = 0;
    for (Path run : RunArchive.runs(batch, files)) {
      requireClosed(batch);
      freed += new RunArchive(run, files).compress(() -> requireClosed(batch));
    }
    return freed;
  }

  private long delete(Path batch) throws IOException {
    long bytes = size(batch);
    Path leaving = batch.resolveSibling("." + batch.getFileName() + ENDING);
    files.delete(leaving);
    requireClosed(batch);
    files.move(batch, leaving);
    files.delete(leaving);
    return bytes;
  }

  /** Deletes what a kill left of batches that were being deleted below these output folders. */
  public void finish(Collection<Path> outputFolders) throws IOException {
    for (Path output : outputFolders) {
      for (Path parent : files.list(output)) {
        if (!Files.isSymbolicLink(parent)) {
          finishIn(parent);
        }
      }
    }
  }

  /** What cannot be deleted stays, and stops nothing else. */
  private void finishIn(Path parent) {
    try {
      for (Path entry : files.list(parent)) {
        if (LEAVING.matcher(entry.getFileName().toString()).matches()) {
          finish(entry);
        }
      }
    } catch (IOException e) {
      logOnce(parent, e);
    }
  }

  private void finish(Path leaving) {
    try {
      files.delete(leaving);
      troubles.over(leaving.toString());
    } catch (IOException e) {
      logOnce(leaving, e);
    }
  }

  private void logOnce(Path path, IOException e) {
    if (troubles.add(path.toString(), e.toString())) {
      LOG.warn("Cannot remove what is left of a deleted batch: {}: {}", path, e.toString());
    }
  }

  private static long size(Path folder) throws IOException {
    long[] bytes = {0};
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes[0] += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
          }
        });
    return bytes[0];
  }
}
