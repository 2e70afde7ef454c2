package dev.caravan.pipeline.record;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** A disk that has no space for files of one name, and that keeps one path where it is. */
final class FaultyDisk extends DurableFiles {

  /** The name of files that cannot be written; empty if all can. */
  String fullFor = "";

  /** What can be neither moved nor deleted, as when another user owns its folder. */
  Path keeps = Path.of("");

  @Override
  public void delete(Path path) throws IOException {
    refuse(path);
    super.delete(path);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    refuse(from);
    super.move(from, to);
  }

  private void refuse(Path path) throws IOException {
    if (path.equals(keeps)) {
      throw new AccessDeniedException(path.toString());
    }
  }

  @Override
  public void writeWhole(Path file, byte[] content) throws IOException {
    if (file.getFileName().toString().equals(fullFor)) {
      throw new IOException("No space left on device");
    }
    super.writeWhole(file, content);
  }
}
