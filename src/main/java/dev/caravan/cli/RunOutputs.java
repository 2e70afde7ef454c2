package dev.caravan.cli;

import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.JunitReport;
import dev.caravan.observe.report.ReportData;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.Reporter;
import dev.caravan.pipeline.outcome.FailOn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The options of {@code run} and {@code submit --watch} for machine-readable results. */
public final class RunOutputs {

  private static final Logger LOG = LoggerFactory.getLogger(RunOutputs.class);

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write a JUnit XML file for CI systems, one test case per run.")
  private Path junit;

  @Option(names = "--json", description = "Print the results as JSON instead of a table.")
  private boolean json;

  @Option(
      names = "--fail-on",
      defaultValue = "failed",
      paramLabel = "LEVEL",
      description =
          "Exit 1 if any run is this bad or worse: failed, degraded or warning (default: failed).")
  private FailOn failOn = FailOn.FAILED;

  /** How bad a run must be for the command to fail. */
  public FailOn failOn() {
    return failOn;
  }

  /** Whether the table of results is printed to stdout, rather than JSON. */
  public boolean printsTable() {
    return !json;
  }

  /** Writes the requested outputs for the batches in these folders. */
  public void write(List<Path> folders) throws IOException {
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
      OutputFile.write(junit, junitXml);
      LOG.debug("Wrote {}", junit);
    }
  }
}
