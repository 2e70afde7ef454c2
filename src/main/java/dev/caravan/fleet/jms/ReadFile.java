package dev.caravan.fleet.jms;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads a file and remembers why that failed, which Artemis, its reader, reports as a failure of
 * its own.
 */
final class ReadFile extends FilterInputStream {

  private Optional<IOException> failure = Optional.empty();

  ReadFile(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private IOException failed(IOException e) {
    failure = Optional.of(e);
    return e;
  }

  /** Why it could not be read; empty if it could. */
  Optional<IOException> failure() {
    return failure;
  }
}
