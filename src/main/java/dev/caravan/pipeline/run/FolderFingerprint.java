package dev.caravan.pipeline.run;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/** Tells whether anything in a run folder has changed since the last look. Not threadsafe. */
final class FolderFingerprint {

  private static final int DEEPEST = 5;

  private final Path folder;
  private long seen;

  FolderFingerprint(Path folder) {
    this.folder = folder;
  }

  /** Whether a file came, went, grew or was written to; true at the first look. */
  boolean changed() {
    Sum sum = new Sum();
    try {
      Files.walkFileTree(folder, Set.of(), DEEPEST, sum);
    } catch (IOException e) {
      return true; // What cannot be seen is not taken for dead.
    }
    boolean changed = sum.value != seen;
    seen = sum.value;
    return changed;
  }

  private static final class Sum extends SimpleFileVisitor<Path> {
    private long value = 1;

    @Override
    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) {
      boolean earlier = visited.endsWith(AttemptArchive.FOLDER);
      return earlier ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      long of = file.hashCode();
      of = 31 * of + attributes.size();
      of = 31 * of + attributes.lastModifiedTime().hashCode();
      value += of; // In whatever order they are visited.
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException goneMeanwhile) {
      return FileVisitResult.CONTINUE;
    }
  }
}
