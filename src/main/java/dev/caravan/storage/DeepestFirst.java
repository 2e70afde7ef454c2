package dev.caravan.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** A folder with all that is in it, each entry before the folder that holds it. */
final class DeepestFirst {

  private DeepestFirst() {}

  /** The entries; links are not followed. */
  static List<Path> of(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            entries.add(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
            return FileVisitResult.CONTINUE; // a path that is too long, or not readable
          }

          @Override
          public FileVisitResult postVisitDirectory(Path left, IOException unreadable) {
            entries.add(left);
            return FileVisitResult.CONTINUE;
          }
        });
    return entries;
  }
}
