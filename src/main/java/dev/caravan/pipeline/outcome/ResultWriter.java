package dev.caravan.pipeline.outcome;

import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Writes the result files of a run and of a batch, each one atomically. */
public final class ResultWriter {

  private final AtomicFileWriter files;

  /** A writer that uses {@code files} for each file. */
  public ResultWriter(AtomicFileWriter files) {
    this.files = files;
  }

  /** Writes {@code run_metadata.json}; always before the result, which marks the run as done. */
  public void write(RunFolder folder, RunMetadata metadata) throws IOException {
    files.writeWhole(folder.runMetadata(), metadata.json());
  }

  /** Writes {@code process_result.json}, the last file of a run. */
  public void write(RunFolder folder, ProcessResult result) throws IOException {
    files.writeWhole(folder.processResult(), result.json());
  }

  /**
   * Writes {@code results.csv} and {@code groups.csv}, then {@code summary.json}, whose {@code
   * finished_at} marks the batch as done.
   */
  public void write(Path batchFolder, BatchResults results, BatchSummary summary)
      throws IOException {
    files.writeWhole(batchFolder.resolve(BatchFolder.RESULTS), results.csv());
    Optional<byte[]> groups = results.groups();
    if (groups.isPresent()) {
      files.writeWhole(batchFolder.resolve(BatchFolder.GROUPS), groups.get());
    }
    files.writeWhole(batchFolder.resolve(BatchFolder.SUMMARY), summary.json());
  }
}
