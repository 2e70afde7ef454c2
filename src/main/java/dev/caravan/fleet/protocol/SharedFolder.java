package dev.caravan.fleet.protocol;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folder that hub and workers share, so that the files of runs need not go through the broker. A
 * worker puts them into a subfolder named by the delivery id, which appears atomically and stays
 * until the hub has recorded the run. Only the manifest is sent as a message.
 */
public final class SharedFolder {

  private final Path root;
  private final DurableFiles durableFiles;

  private SharedFolder(Path root, DurableFiles durableFiles) {
    this.root = root;
    this.durableFiles = durableFiles;
  }

  /**
   * The folder named by the setting; empty when the setting is.
   *
   * @throws SettingsRefusedException when it is not a writable folder
   */
  public static Optional<SharedFolder> of(Settings settings, DurableFiles durableFiles) {
    String name = settings.text(Setting.RESULTS_SHARED);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Path root = settings.home().resolve(name);
    if (!Files.isDirectory(root) || !Files.isWritable(root)) {
      throw new SettingsRefusedException(
          "caravan.results.shared: " + root + " is not a writable folder");
    }
    return Optional.of(new SharedFolder(root, durableFiles));
  }

  /** Copies files from below {@code folder} here; synced when this returns. */
  public void put(String deliveryId, Path folder, List<Path> files) throws IOException {
    if (Files.exists(root.resolve(deliveryId))) {
      return; // already there: the outcome is being resent
    }
    Path building = root.resolve("." + deliveryId + ".tmp");
    durableFiles.delete(building);
    durableFiles.createDirectories(building);
    for (Map.Entry<String, Path> file : ArchiveNames.of(folder, files).entrySet()) {
      Path copy = building.resolve(file.getKey());
      Files.createDirectories(copy.getParent());
      Files.copy(file.getValue(), copy);
    }
    durableFiles.syncAll(building);
    durableFiles.move(building, root.resolve(deliveryId));
  }

  /**
   * Links the files of a delivery into {@code folder}, which must be empty, or copies them where
   * the file system does not support links.
   *
   * @throws ArchiveRefusedException when a file is missing, is a symbolic link or differs from the
   *     manifest
   */
  public void fetch(ResultManifest manifest, Path folder) throws IOException {
    Path from = root.toRealPath().resolve(manifest.deliveryId());
    for (ResultManifest.Item item : manifest.files()) {
      Path file = from.resolve(item.name());
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || !file.toRealPath().equals(file)) {
        throw new ArchiveRefusedException(
            "\"" + item.name() + "\" is not a regular file in caravan.results.shared");
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
    } catch (UnsupportedOperationException | FileSystemException unsupported) {
      Files.copy(from, to);
    }
  }

  /** Deletes the files of a delivery. */
  public void remove(String deliveryId) throws IOException {
    durableFiles.delete(root.resolve(deliveryId));
  }
}
