package dev.caravan.model;

import dev.caravan.config.Parameters;
import java.nio.file.Path;
import java.util.Map;

/**
 * One point of a batch's sweeps.
 *
 * @param batch the batch
 * @param index from 0
 */
public record Run(Batch batch, int index) {

  /** Its folder's name inside the batch folder; empty for a batch without sweeps. */
  public String folderName() {
    return batch.sweep().folder(index);
  }

  /** The folder of its results: the batch folder itself for a batch without sweeps. */
  public Path folder() {
    return folderName().isEmpty() ? batch.folder() : batch.folder().resolve(folderName());
  }

  /** The batch id, and the folder name when there are sweeps. */
  public String id() {
    return folderName().isEmpty() ? batch.id() : batch.id() + "/" + folderName();
  }

  /** Its sweep values, in the order the keys were written; empty without sweeps. */
  public Map<String, Object> sweepValues() {
    return batch.sweep().values(index);
  }

  /** Base and sweep values merged. */
  public Parameters parameters() {
    return batch.sweep().parameters(index);
  }
}
