package dev.caravan.observe.retention;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells apart what two paths only seem to: a folder can be reached through links. */
final class RealPath {

  private RealPath() {}

  /** The path without links, by which folders are compared; of what is gone, as it is written. */
  static Path of(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }

  /** Whether a batch, or the folder of its name, is a link: its files belong to another place. */
  static boolean isLinked(Path batch) {
    return Files.isSymbolicLink(batch) || Files.isSymbolicLink(batch.getParent());
  }
}
