package dev.caravan.fleet.jms;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes a file and remembers why that failed, which Artemis, its writer, reports as a failure of
 * its own. The failure names the folder, so that the next file of another name fails with the same
 * message.
 */
final class WrittenFile extends OutputStream {

  private final Path folder;
  private final OutputStream out;
  private volatile IOException failure; // packets are written by a thread of Artemis

  WrittenFile(Path file) throws IOException {
    this.folder = file.toAbsolutePath().getParent();
    this.out = Files.newOutputStream(file);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      failure = new IOException("could not write to " + folder + ": " + e.getMessage(), e);
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Why it could not be written; empty if it could. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }
}
