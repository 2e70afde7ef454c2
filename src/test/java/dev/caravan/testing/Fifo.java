package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;

/** Makes named pipes. */
public final class Fifo {

  private Fifo() {}

  /** Makes a pipe that nobody writes to; returns its path. */
  public static Path create(Path path) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor()).isZero();
    return path;
  }
}
