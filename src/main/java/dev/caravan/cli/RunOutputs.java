package dev.caravan.cli;

import dev.caravan.model.Outcome;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.JunitReport;
import dev.caravan.observe.report.ReportData;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.Reporter;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** What {@code run} and {@code submit --watch} leave for other programs at their end. */
public final class RunOutputs {

  private static final Logger LOG = LoggerFactory.getLogger(RunOutputs.class);

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write a JUnit file, one case a run, for CI systems.")
  private Path junit;

  @Option(names = "--json", description = "Print the results as JSON in place of the table.")
  private boolean json;

  /** Whether people want the table of results on stdout. */
  public boolean table() {
    return !json;
  }

  /**
   * Writes what was asked for of the batches in these folders.
   *
   * @param failOn the mildest outcome that counts as a failed case
   */
  public void write(List<Path> folders, Outcome failOn) throws IOException {
    if (wanted() && !folders.isEmpty()) {
      ReportData data = new Reporter(new BatchReader()).overview(folders);
      write(ReportJson.of(data), JunitReport.xml(data, failOn));
    }
  }

  /** Whether anything was asked for. */
  boolean wanted() {
    return junit != null || json;
  }

  /** Writes what was asked for, made already. */
  void write(String data, byte[] cases) throws IOException {
    if (json) {
      System.out.println(data);
      System.out.flush();
    }
    if (junit != null) {
      new DurableFiles().writeWhole(junit.toAbsolutePath(), cases);
      LOG.debug("Wrote {}", junit);
    }
  }

  /** The same for one batch. */
  public void write(Path folder, Outcome failOn) throws IOException {
    write(List.of(folder), failOn);
  }
}
