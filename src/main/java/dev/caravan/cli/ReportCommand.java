package dev.caravan.cli;

import dev.caravan.observe.report.ReportMetric;
import dev.caravan.storage.BatchFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan report}: makes a page with plots, or a table, from result trees. */
@Command(
    name = "report",
    description =
        "Makes a report from result folders, including those of run_aiperf.py; needs no daemon.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan report latest --format md --output report.md")
final class ReportCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "DIR",
      description = "Batches by folder, id, name or `latest`; or folders that contain batches.")
  private List<String> names;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "html",
      description =
          "html (a page with plots, the default), md (a table for a pull request) or json.")
  private HomeClient.ReportFormat format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "File to write, - for stdout (default for html: report.html in DIR; else stdout).")
  private String output;

  @Mixin private MetricNames metrics;

  @Override
  public Integer call() throws IOException, InterruptedException {
    write(caravan.home().report(names, format, selectedMetrics()));
    return Exit.OK;
  }

  private void write(HomeClient.Report report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String to =
        output != null
            ? output
            : format == HomeClient.ReportFormat.HTML
                ? report.folder().resolve(BatchFolder.REPORT).toString()
                : "-";
    if (to.equals("-")) {
      out.print(report.text());
    } else {
      Path file = Path.of(to).toAbsolutePath();
      OutputFile.write(file, report.text().getBytes(StandardCharsets.UTF_8));
      out.println(file);
    }
    out.flush();
  }

  private List<ReportMetric> selectedMetrics() {
    List<String> known = Arrays.stream(ReportMetric.values()).map(ReportMetric::column).toList();
    return metrics.among(known).stream().flatMap(name -> ReportMetric.of(name).stream()).toList();
  }
}
