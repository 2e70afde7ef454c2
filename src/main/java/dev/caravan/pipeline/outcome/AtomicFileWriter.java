package dev.caravan.pipeline.outcome;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a file atomically: to a temporary file beside it, synced, then renamed. */
@FunctionalInterface
public interface AtomicFileWriter {

  /**
   * Replaces the content of {@code file}.
   *
   * @throws IOException when it cannot be written; the file then keeps its old content
   */
  void writeWhole(Path file, byte[] content) throws IOException;
}
