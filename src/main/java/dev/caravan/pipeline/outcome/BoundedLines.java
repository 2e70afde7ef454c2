package dev.caravan.pipeline.outcome;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads an untrusted file line by line in bounded memory: lines that are too long are skipped, and
 * nothing is read beyond a limit.
 */
final class BoundedLines {

  /** Receives the lines, without line ends. */
  @FunctionalInterface
  interface Sink {
    void line(byte[] line) throws IOException;
  }

  private final int maxLine;
  private final Sink sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(8192);

  private BoundedLines(int maxLine, Sink sink) {
    this.maxLine = maxLine;
    this.sink = sink;
  }

  /**
   * Passes the lines of a file to a sink; none when it is not a regular file.
   *
   * @param maxBytes about how much is read
   * @param maxLine length of the longest line that is passed on, in bytes
   * @return false when something was left out because of {@code maxBytes} or an error
   */
  static boolean read(Path file, long maxBytes, int maxLine, Sink sink) {
    if (!Files.isRegularFile(file)) {
      return true;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new BoundedLines(maxLine, sink).read(in, maxBytes);
    } catch (IOException e) {
      return false; // what was read up to here counts
    }
  }

  private boolean read(InputStream in, long maxBytes) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long read = 0;
    for (int size = in.read(chunk); size >= 0; size = in.read(chunk)) {
      int from = 0;
      for (int i = 0; i < size; i++) {
        if (chunk[i] == '\n') {
          append(chunk, from, i);
          end();
          from = i + 1;
        }
      }
      append(chunk, from, size);
      read += size;
      if (read > maxBytes) {
        return false;
      }
    }
    end();
    return true;
  }

  /** Drops the rest of an overlong line, so that the buffer outgrows the limit by one chunk. */
  private void append(byte[] chunk, int from, int to) {
    if (line.size() <= maxLine) {
      line.write(chunk, from, to - from);
    }
  }

  private void end() throws IOException {
    if (line.size() > 0 && line.size() <= maxLine) {
      sink.line(line.toByteArray());
    }
    line.reset();
  }
}
