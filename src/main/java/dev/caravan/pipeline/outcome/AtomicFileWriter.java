package dev.caravan.pipeline.outcome;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a file so that no reader ever sees half of it: beside, synced, then renamed. */
@FunctionalInterface
public interface AtomicFileWriter {

  /**
   * Makes {@code file} hold {@code content}, replacing what it held.
   *
   * @throws IOException when it could not be written; the file is then as it was
   */
  void writeWhole(Path file, byte[] content) throws IOException;
}
