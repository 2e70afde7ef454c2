package dev.caravan.pipeline.dispatch;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.storage.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /**
   * The gate of a home: its own disk and those of every folder that may hold results. A home that
   * Caravan may not write to (see {@link Home#ofCommand}) holds none.
   */
  public static DiskGate of(Settings settings, Home home) {
    List<Path> folders =
        new ArrayList<>(
            home.state().startsWith(home.root())
                ? List.of(home.root(), home.results())
                : List.of(home.state()));
    settings.list(Setting.RESULTS_ROOTS).stream().map(home.root()::resolve).forEach(folders::add);
    return new DiskGate(folders, settings.bytes(Setting.DISK_MIN_FREE));
  }

  /** Free space in bytes on the fullest of the disks; 0 when none of the folders exists. */
  public long freeBytes() {
    return folders.stream().filter(Files::exists).mapToLong(DiskGate::freeBytes).min().orElse(0);
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
    if (freeBytes(folder) >= minFree) {
      return Optional.empty();
    }
    if (folder.toFile().getTotalSpace() == 0) {
      return Optional.of("cannot determine the free space of " + folder);
    }
    // Names the threshold, not the free space: a changing text would be logged again and again.
    return Optional.of(
        "less than %.0f MB (caravan.disk.min-free) are free on the disk of %s"
            .formatted(minFree / MB, folder));
  }

  /** Asks the file system itself: a {@code FileStore} needs a mount table, which may lack "/". */
  private static long freeBytes(Path folder) {
    return folder.toFile().getUsableSpace();
  }
}
