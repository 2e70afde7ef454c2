package dev.caravan.pipeline.accept;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Whether there can be a folder for the batches of a config: no later try would change that. */
final class BatchPlace {

  /** The limit of Linux for the name of a file or folder. */
  private static final int MAX_NAME = 255;

  /** The limit of Linux for a path is 4,096; the folders and files of a batch are to fit, too. */
  private static final int MAX_PATH = 3_500;

  private BatchPlace() {}

  /**
   * Checks the folder that is to contain the batch folder.
   *
   * @throws ConfigRefusedException when it cannot be made
   */
  static void check(Path parent, String config) throws ConfigRefusedException {
    for (Path part : parent) {
      if (bytes(part) > MAX_NAME) {
        throw refused(
            config,
            "output_base_dir or batch_name has a part of %d bytes; a name has at most %d: %.40s…"
                .formatted(bytes(part), MAX_NAME, part));
      }
    }
    if (bytes(parent) > MAX_PATH) {
      throw refused(
          config,
          "output_base_dir is too long: the path of its batches has %d bytes, at most %d are usable"
              .formatted(bytes(parent), MAX_PATH));
    }
    for (Path folder = parent; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(folder)) {
        throw refused(
            config, "output_base_dir or batch_name: " + folder + " exists and is not a folder");
      }
    }
  }

  private static int bytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static ConfigRefusedException refused(String config, String message) {
    return new ConfigRefusedException(config, List.of(new Problem(0, 0, "", message)));
  }
}
