package dev.caravan.fleet.protocol;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A folder that hub and workers share, so that the files of runs need not go through the broker.
 * They lie in a folder named by the run's deliveryId, whole or not at all, until the hub has them;
 * the manifest comes as a message.
 */
public final class SharedFolder {

  private final Path root;
  private final DurableFiles durableFiles;

  private SharedFolder(Path root, DurableFiles durableFiles) {
    this.root = root;
    this.durableFiles = durableFiles;
  }

  /**
   * The one that a setting names; none when it is empty.
   *
   * @throws SettingsRefusedException when it is no folder that can be written into
   */
  public static Optional<SharedFolder> of(String setting, Path home, DurableFiles durableFiles) {
    if (setting.isEmpty()) {
      return Optional.empty();
    }
    Path root = home.resolve(setting);
    if (!Files.isDirectory(root) || !Files.isWritable(root)) {
      throw new SettingsRefusedException(
          "caravan.results.shared: " + root + " is no folder that can be written into");
    }
    return Optional.of(new SharedFolder(root, durableFiles));
  }

  /** Puts files, which lie below {@code folder}, there; on the disk when this returns. */
  public void put(String deliveryId, Path folder, List<Path> files) throws IOException {
    if (Files.exists(root.resolve(deliveryId))) {
      return; // It is being sent again.
    }
    Path building = root.resolve("." + deliveryId + ".tmp");
    durableFiles.delete(building);
    durableFiles.createDirectories(building);
    for (Path file : files) {
      Path copy = building.resolve(folder.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy);
    }
    durableFiles.syncAll(building);
    durableFiles.move(building, root.resolve(deliveryId));
  }

  /**
   * Gets the files of a delivery into {@code folder}, which must be empty: without copying them
   * where the file system lets it.
   *
   * @throws ArchiveRefusedException when one is missing, is a link, or differs from the manifest
   */
  public void take(ResultManifest resultManifest, Path folder) throws IOException {
    Path from = root.toRealPath().resolve(resultManifest.deliveryId());
    for (ResultManifest.Item item : resultManifest.files()) {
      Path file = from.resolve(item.name());
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || !file.toRealPath().equals(file)) {
        throw new ArchiveRefusedException(
            "\"" + item.name() + "\" is no file in caravan.results.shared");
      }
      Path to = folder.resolve(item.name());
      Files.createDirectories(to.getParent());
      linkOrCopy(file, to);
      ResultArchive.verify(item, to);
    }
  }

  private static void linkOrCopy(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (UnsupportedOperationException | FileSystemException notHere) {
      Files.copy(from, to);
    }
  }

  /** The files are no longer needed. */
  public void remove(String deliveryId) throws IOException {
    durableFiles.delete(root.resolve(deliveryId));
  }
}
