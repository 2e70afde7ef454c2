package dev.caravan.pipeline.accept;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks the folder of a config's batches, with links resolved. */
record BatchFolderCheck(OutputRoots outputs) {

  /** Bytes of one name, and of a whole path, on any file system of Linux. */
  private static final int LONGEST_NAME = 255;

  private static final int LONGEST_PATH = 4095;

  /** What a batch folder adds: its timestamp, a run's name, an attempt and the files of aiperf. */
  private static final int BELOW = 512;

  /** Why batches of this name cannot be there; empty if they can. */
  Optional<String> refusal(String outputBaseDir, String batchName) {
    try {
      Path folder = outputs.batches(outputBaseDir, batchName).toAbsolutePath().normalize();
      Optional<String> unusable = unusable(folder);
      return unusable.isPresent() ? unusable : misplaced(outputBaseDir, folder);
    } catch (InvalidPathException | IOException e) {
      return Optional.of("is not a usable folder: " + e.getMessage());
    }
  }

  /**
   * Checks again, just before a batch is created, that this folder can be used.
   *
   * @throws ConfigRefusedException when it cannot be made, which no later try would change
   */
  static void requireUsable(Path folder, String config) throws ConfigRefusedException {
    Optional<String> why = unusable(folder.toAbsolutePath().normalize());
    if (why.isPresent()) {
      String message = DisplayText.quoted(folder.toString()) + ": " + why.get();
      throw new ConfigRefusedException(
          config, List.of(new Problem(0, 0, "output_base_dir", message)));
    }
  }

  private static Optional<String> unusable(Path folder) {
    return tooLong(folder).or(() -> noFolder(folder));
  }

  private static Optional<String> tooLong(Path folder) {
    for (Path name : folder) {
      int bytes = bytes(name);
      if (bytes > LONGEST_NAME) {
        return Optional.of(
            "contains a name of " + bytes + " bytes; the maximum is " + LONGEST_NAME);
      }
    }
    int most = LONGEST_PATH - BELOW;
    return bytes(folder) > most
        ? Optional.of("is a path of " + bytes(folder) + " bytes; the maximum is " + most)
        : Optional.empty();
  }

  /** Why the path cannot become a folder: a part of it is a file or a broken link. */
  private static Optional<String> noFolder(Path folder) {
    return Stream.iterate(folder, path -> path != null, Path::getParent)
        .filter(path -> Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(path))
        .map(path -> path + (Files.exists(path) ? " is not a folder" : " is a broken link"))
        .findFirst();
  }

  private Optional<String> misplaced(String outputBaseDir, Path folder) throws IOException {
    Path real = OutputRoots.resolveLinks(folder);
    for (Path reserved : new Home(outputs.home()).reserved()) {
      if (real.startsWith(OutputRoots.resolveLinks(reserved))) {
        return Optional.of("is in " + reserved + ", which Caravan uses itself");
      }
    }
    Optional<String> base = outputs.refusal(outputBaseDir);
    return base.isPresent() ? base : outputs.refusal(folder.toString());
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
