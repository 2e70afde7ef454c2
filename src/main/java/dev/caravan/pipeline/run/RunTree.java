package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The runs that may be executed here, and their folders.
 *
 * @param batches loads batches
 * @param roots the folders that may contain batches
 * @param files writes the files of runs
 */
public record RunTree(BatchStore batches, OutputRoots roots, RunFolderWriter files) {

  /**
   * Loads the run that an order or a report names.
   *
   * @throws InvalidRunOrderException when it does not exist or is outside the results roots
   */
  Run run(String batchFolder, int index) throws InvalidRunOrderException {
    try {
      Path folder = Path.of(batchFolder);
      if (!roots.contains(folder)) {
        throw new InvalidRunOrderException("outside the results roots: " + folder);
      }
      Run run = batches.load(folder).run(index);
      if (RegularFiles.isGone(folder.resolve(BatchFolder.RECORD))) {
        throw new BatchGoneException(folder);
      }
      return run;
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidRunOrderException("no such run: " + e.getMessage(), e);
    }
  }
}
