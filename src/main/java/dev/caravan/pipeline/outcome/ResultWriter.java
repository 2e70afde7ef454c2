package dev.caravan.pipeline.outcome;

import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;

/** Writes the files of a run and of a batch, each whole. */
public final class ResultWriter {

  /** The table of a batch's runs. */
  public static final String RESULTS = "results.csv";

  /** The counts of a batch's runs. */
  public static final String SUMMARY = "summary.json";

  private final AtomicFileWriter files;

  /** A writer whose files are written by {@code files}. */
  public ResultWriter(AtomicFileWriter files) {
    this.files = files;
  }

  /** Writes {@code run_metadata.json}; before the result, which says that the run is done. */
  public void write(RunFolder folder, RunMetadata metadata) throws IOException {
    files.writeWhole(folder.runMetadata(), metadata.json());
  }

  /** Writes {@code process_result.json}; the last file of a run. */
  public void write(RunFolder folder, ProcessResult result) throws IOException {
    files.writeWhole(folder.processResult(), result.json());
  }

  /** Writes {@code results.csv}, then {@code summary.json}, whose finished_at says it is done. */
  public void write(Path batchFolder, BatchResults results, BatchSummary summary)
      throws IOException {
    files.writeWhole(batchFolder.resolve(RESULTS), results.csv());
    files.writeWhole(batchFolder.resolve(SUMMARY), summary.json());
  }
}
