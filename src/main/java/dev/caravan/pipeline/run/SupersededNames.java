package dev.caravan.pipeline.run;

import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Renames the files of an earlier attempt so that no program mistakes them for the run's results.
 */
public final class SupersededNames {

  private SupersededNames() {}

  /**
   * Renames in {@code folder}, whose content is, or is about to be, in {@code attempts/<n>/}; at
   * any depth, since aiperf also writes the files of results for each phase. Can be repeated.
   */
  public static void give(Path folder, DurableFiles durableFiles) throws IOException {
    for (Path file : AttemptArchive.filesBelow(folder)) {
      String superseded = RunFolder.SUPERSEDED.get(file.getFileName().toString());
      if (superseded != null) {
        durableFiles.move(file, file.resolveSibling(superseded));
      }
    }
  }
}
