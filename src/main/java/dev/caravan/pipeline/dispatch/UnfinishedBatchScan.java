package dev.caravan.pipeline.dispatch;

import dev.caravan.model.BatchRecord;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Scans a results tree for an owner's unfinished batches. The cost grows with the number of
 * batches, not of runs: it does not descend into batch folders.
 */
final class UnfinishedBatchScan extends SimpleFileVisitor<Path> {

  private static final int MAX_DEPTH = 8;
  private final Set<Path> skipped;
  private final Owner owner;
  private final List<Path> found = new ArrayList<>();

  private UnfinishedBatchScan(Path root, Owner owner) {
    this.skipped = Set.copyOf(new Home(root).reserved());
    this.owner = owner;
  }

  /** Folders of the unfinished batches below {@code root}. */
  static List<Path> unfinished(Path root, Owner owner) throws IOException {
    UnfinishedBatchScan scan = new UnfinishedBatchScan(root, owner);
    Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAX_DEPTH, scan);
    return scan.found;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    String name = folder.getFileName() == null ? "" : folder.getFileName().toString();
    if (Files.isRegularFile(folder.resolve(BatchFolder.RECORD)) && !name.startsWith(".")) {
      if (isUnfinished(folder)) {
        found.add(folder);
      }
      return FileVisitResult.SKIP_SUBTREE;
    }
    return name.startsWith(".") || skipped.contains(folder)
        ? FileVisitResult.SKIP_SUBTREE
        : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
    return FileVisitResult.CONTINUE;
  }

  private boolean isUnfinished(Path folder) {
    try {
      BatchRecord record = Json.read(folder.resolve(BatchFolder.RECORD), BatchRecord.class);
      return owner.equals(record.owner())
          && BatchSummary.read(folder.resolve(BatchFolder.SUMMARY))
              .filter(summary -> summary.finishedAt().isPresent())
              .isEmpty();
    } catch (IOException e) {
      return false; // not a readable batch.json of Caravan
    }
  }
}
