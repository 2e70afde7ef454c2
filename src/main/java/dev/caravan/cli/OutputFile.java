package dev.caravan.cli;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;

/** A file that an option names for the output of a command. */
final class OutputFile {

  private OutputFile() {}

  /** Writes it, and makes its folder if there is none. */
  static void write(Path file, byte[] content) throws IOException {
    DurableFiles files = new DurableFiles();
    Path absolute = file.toAbsolutePath();
    files.createDirectories(absolute.getParent());
    files.writeWhole(absolute, content);
  }
}
