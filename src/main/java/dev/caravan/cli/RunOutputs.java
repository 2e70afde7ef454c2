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

/** The machine-readable outputs of {@code run} and {@code submit --watch}, as options. */
public final class RunOutputs {

  private static final Logger LOG = LoggerFactory.getLogger(RunOutputs.class);

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write a JUnit XML file for CI systems, one test case per run.")
  private Path junit;

  @Option(names = "--json", description = "Print the results as JSON instead of a table.")
  private boolean json;

  /** Whether the table of results is printed to stdout, rather than JSON. */
  public boolean printsTable() {
    return !json;
  }

  /**
   * Writes the requested outputs for the batches in these folders.
   *
   * @param failOn the least severe outcome that counts as a failed test case
   */
  public void write(List<Path> folders, Outcome failOn) throws IOException {
    if (isRequested() && !folders.isEmpty()) {
      ReportData data = new Reporter(new BatchReader()).overview(folders);
      write(ReportJson.of(data), JunitReport.xml(data, failOn));
    }
  }

  /** Whether any output was requested. */
  boolean isRequested() {
    return junit != null || json;
  }

  /** Writes the requested outputs from their rendered contents. */
  void write(String results, byte[] junitXml) throws IOException {
    if (json) {
      System.out.println(results);
      System.out.flush();
    }
    if (junit != null) {
      new DurableFiles().writeWhole(junit.toAbsolutePath(), junitXml);
      LOG.debug("Wrote {}", junit);
    }
  }

  /** Writes the requested outputs for one batch. */
  public void write(Path folder, Outcome failOn) throws IOException {
    write(List.of(folder), failOn);
  }
}
