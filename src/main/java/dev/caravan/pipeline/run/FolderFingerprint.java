package dev.caravan.pipeline.run;

import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** Detects whether anything in a run folder has changed since the last check. Not thread-safe. */
final class FolderFingerprint {

  private static final int MAX_DEPTH = 5;

  private final Path folder;
  private long lastSum;

  FolderFingerprint(Path folder) {
    this.folder = folder;
  }

  /** Whether a file was added, removed, resized or written to; true on the first call. */
  boolean changed() {
    Sum sum = new Sum();
    try {
      Files.walkFileTree(folder, Set.of(), MAX_DEPTH, sum);
    } catch (IOException e) {
      return true; // A folder that cannot be read counts as active.
    }
    boolean changed = sum.value != lastSum;
    lastSum = sum.value;
    return changed;
  }

  private static final class Sum extends SimpleFileVisitor<Path> {
    private long value = 1;

    @Override
    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
      boolean archive = visited.endsWith(RunFolder.ATTEMPTS);
      return archive ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      long hash = file.hashCode();
      hash = 31 * hash + attributes.size();
      hash = 31 * hash + attributes.lastModifiedTime().hashCode();
      value += hash; // a sum does not depend on the order of the files
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException deleted) {
      return FileVisitResult.CONTINUE;
    }
  }
}
