package dev.caravan.pipeline.accept;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Reads the lines of a dataset that are not blank, compressed or not, as aiperf does. */
final class DatasetLines {

  /** Longer lines are passed on without their end, marked as cut. */
  private static final int LONGEST = 64 << 20;

  /** Bytes of a compressed dataset at most, unpacked: some gzip files never end. */
  private static final long MOST_UNPACKED = 4L << 30;

  private static final int BUFFER = 1 << 16;
  private static final int GZIP = 0x1f8b;

  private DatasetLines() {}

  /**
   * One line.
   *
   * @param number from 1, blank lines counted
   * @param bytes without the line break
   * @param cut whether it goes on
   */
  record Line(long number, byte[] bytes, boolean cut) {

    private boolean blank() {
      for (byte b : bytes) {
        if (b != ' ' && b != '\t' && b != '\r' && b != '\f' && b != 0x0b) {
          return false;
        }
      }
      return true;
    }
  }

  /** Takes the lines one by one; returns whether it wants more. */
  interface Visitor {
    boolean visit(Line line) throws IOException;
  }

  /** Passes on lines until the end of the file, or until no more are wanted. */
  static void read(Path file, Visitor visitor) throws IOException {
    try (InputStream in = open(file)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      byte[] buffer = new byte[BUFFER];
      long number = 1;
      long left = MOST_UNPACKED;
      boolean cut = false;
      for (int size = in.read(buffer); size >= 0 && left > 0; size = in.read(buffer)) {
        left -= size;
        int from = 0;
        for (int at = 0; at < size; at++) {
          if (buffer[at] != '\n') {
            continue;
          }
          cut |= add(buffer, from, at, line);
          if (!pass(new Line(number, line.toByteArray(), cut), visitor)) {
            return;
          }
          line.reset();
          cut = false;
          number++;
          from = at + 1;
        }
        cut |= add(buffer, from, size, line);
      }
      pass(new Line(number, line.toByteArray(), cut || left <= 0), visitor);
    }
  }

  /** Adds bytes to a line; returns whether the line was too long to take all of them. */
  private static boolean add(byte[] buffer, int from, int to, ByteArrayOutputStream line) {
    int taken = Math.min(to - from, LONGEST - line.size());
    line.write(buffer, from, taken);
    return taken < to - from;
  }

  private static boolean pass(Line line, Visitor visitor) throws IOException {
    return line.blank() || visitor.visit(line);
  }

  private static InputStream open(Path file) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      in.mark(2);
      int magic = in.read() << Byte.SIZE | in.read();
      in.reset();
      return magic == GZIP ? new GZIPInputStream(in, BUFFER) : in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }
}
