package dev.caravan.observe.retention;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A batch that the rule does not keep.
 *
 * @param id {@code <batch_name>/<timestamp>}
 * @param folder its folder
 * @param staysBecause why it stays all the same; empty if it may go
 */
public record Surplus(String id, Path folder, Optional<String> staysBecause) {

  Surplus(Path folder, Optional<String> staysBecause) {
    this(nameOf(folder) + "/" + folder.getFileName(), folder, staysBecause);
  }

  /** The name of the batch in this folder. */
  static String nameOf(Path folder) {
    return folder.getParent().getFileName().toString();
  }
}
