package dev.caravan.pipeline.outcome;

import dev.caravan.storage.RegularFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Reads an untrusted file line by line in bounded memory: lines that are too long are replaced by
 * empty ones, and nothing is read beyond a limit.
 */
final class BoundedLines {

  /** Receives the lines that are not empty, without line ends; an overlong one is empty. */
  @FunctionalInterface
  interface Sink {
    void line(byte[] line) throws IOException;
  }

  private final int maxLine;
  private final Sink sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(8192);
  private long read;
  private boolean complete = true;

  private BoundedLines(int maxLine, Sink sink) {
    this.maxLine = maxLine;
    this.sink = sink;
  }

  /**
   * Passes the lines of a file to a sink; none when it is not a regular file.
   *
   * @param limits how much is read
   * @param maxLine length of the longest line that is passed on, in bytes
   * @return number of bytes at the end that were not read, because of a limit or an error
   */
  static long read(Path file, ReadLimits limits, int maxLine, Sink sink) {
    if (!RegularFiles.exists(file)) {
      return 0;
    }
    BoundedLines lines = new BoundedLines(maxLine, sink);
    try (InputStream in = RegularFiles.stream(file)) {
      lines.read(in, limits);
    } catch (IOException e) {
      lines.complete = false; // what was read up to here counts
    }
    return lines.complete ? 0 : Math.max(1, file.toFile().length() - lines.read);
  }

  private void read(InputStream in, ReadLimits limits) throws IOException {
    long start = System.nanoTime();
    byte[] chunk = new byte[1 << 16];
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
      if (read > limits.bytes() || System.nanoTime() - start > limits.time().toNanos()) {
        complete = false;
        return;
      }
    }
    end();
  }

  /** Drops the rest of an overlong line, so that the buffer outgrows the limit by one chunk. */
  private void append(byte[] chunk, int from, int to) {
    if (line.size() <= maxLine) {
      line.write(chunk, from, to - from);
    }
  }

  private void end() throws IOException {
    if (line.size() > 0) {
      sink.line(line.size() <= maxLine ? line.toByteArray() : new byte[0]);
    }
    line.reset();
  }
}
