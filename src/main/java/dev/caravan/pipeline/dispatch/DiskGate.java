package dev.caravan.pipeline.dispatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Closed while a disk that holds results is nearly full.
 *
 * @param folders folders on those disks; missing ones are skipped
 * @param minFree how many bytes must be free on each
 */
public record DiskGate(List<Path> folders, long minFree) implements ReleaseGate {

  private static final double MB = 1e6;

  public DiskGate {
    folders = List.copyOf(folders);
  }

  @Override
  public Optional<String> closedReason() {
    return folders.stream()
        .filter(Files::exists)
        .map(this::closedReason)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> closedReason(Path folder) {
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      // Names the threshold, not the free space: a changing text would be logged again and again.
      return free >= minFree
          ? Optional.empty()
          : Optional.of(
              "less than %.0f MB (caravan.disk.min-free) are free on the disk of %s"
                  .formatted(minFree / MB, folder));
    } catch (IOException e) {
      return Optional.of("cannot determine the free space of " + folder + ": " + e);
    }
  }
}
