package dev.caravan.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Closed while the disk of the results is nearly full.
 *
 * @param folder lies on that disk
 * @param minFree least free bytes
 */
public record DiskGate(Path folder, long minFree) implements Gate {

  private static final double MB = 1e6;

  @Override
  public Optional<String> closed() {
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      return free >= minFree
          ? Optional.empty()
          : Optional.of(
              "%.0f MB are free on the disk of %s, %.0f MB are wanted (caravan.disk.min-free)"
                  .formatted(free / MB, folder, minFree / MB));
    } catch (IOException e) {
      return Optional.of("cannot tell the free space of " + folder + ": " + e);
    }
  }
}
