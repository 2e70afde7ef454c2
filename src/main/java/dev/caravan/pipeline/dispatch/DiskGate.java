package dev.caravan.pipeline.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Closed while a disk of the results is nearly full.
 *
 * @param folders lie on those disks; one that is not there is passed over
 * @param minFree least free bytes of each
 */
public record DiskGate(List<Path> folders, long minFree) implements ReleaseGate {

  private static final double MB = 1e6;

  public DiskGate {
    folders = List.copyOf(folders);
  }

  @Override
  public Optional<String> closed() {
    return folders.stream()
        .filter(Files::exists)
        .map(this::closed)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> closed(Path folder) {
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      return free >= minFree
          ? Optional.empty()
          : Optional.of(
              "less than the %.0f MB of caravan.disk.min-free are free on the disk of %s"
                  .formatted(minFree / MB, folder));
    } catch (IOException e) {
      return Optional.of("cannot tell the free space of " + folder + ": " + e);
    }
  }
}
