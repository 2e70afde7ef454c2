package dev.caravan.cli;

import dev.caravan.config.settings.Settings;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.MarkdownReport;
import dev.caravan.observe.report.ReportData;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.ReportPage;
import dev.caravan.observe.report.Reporter;
import dev.caravan.observe.report.ResultFolders;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

  /** The format of a report. */
  enum Format {
    HTML,
    MD,
    JSON
  }

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
  private Format format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "File to write, - for stdout (default for html: report.html in DIR; else stdout).")
  private String output;

  @Option(
      names = "--metrics",
      split = ",",
      paramLabel = "NAME",
      description = "Metrics of the md table, by their column names in results.csv.")
  private List<String> metrics = List.of();

  @Override
  public Integer call() throws InterruptedException {
    try {
      List<ReportMetric> selected = selectedMetrics();
      Optional<RemoteServer> server = caravan.server();
      if (server.isPresent()) {
        write(List.of(Path.of("")), remote(server.get()));
        return Exit.OK;
      }
      List<Path> folders = folders();
      Reporter reporter = new Reporter(new BatchReader());
      write(
          folders,
          switch (format) {
            case HTML -> new ReportPage().html(reporter.report(folders));
            case MD -> markdown(reporter.overview(folders), selected);
            case JSON -> ReportJson.of(reporter.overview(folders)) + "\n";
          });
      return Exit.OK;
    } catch (IOException e) {
      spec.commandLine().getErr().println("caravan: " + e.getMessage());
      return Exit.REFUSED;
    }
  }

  /** The report made by the daemon, which also resolves the names. */
  private String remote(RemoteServer server) throws IOException, InterruptedException {
    List<String> ids = new ArrayList<>();
    for (String name : names) {
      RemoteServer.Match match = server.find(name);
      if (match.isRun()) {
        throw new IOException("with --server only batches can be reported, not a single run");
      }
      ids.add(match.batch());
    }
    String path = RemoteServer.reportPath(ids, format.name().toLowerCase(Locale.ROOT));
    String selection = metrics.isEmpty() ? "" : "&metrics=" + String.join(",", metrics);
    return new String(server.bytes(path + selection), StandardCharsets.UTF_8);
  }

  private static String markdown(ReportData data, List<ReportMetric> selected) {
    return new MarkdownReport(data, selected).text();
  }

  private void write(List<Path> folders, String text) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String to =
        output != null ? output : format == Format.HTML ? defaultFile(folders).toString() : "-";
    if (to.equals("-")) {
      out.print(text);
    } else {
      Path file = Path.of(to).toAbsolutePath();
      new DurableFiles().writeWhole(file, text.getBytes(StandardCharsets.UTF_8));
      out.println(file);
    }
    out.flush();
  }

  /** In the folder of the batch, or in the named folder; in the working directory for several. */
  private Path defaultFile(List<Path> folders) {
    Path folder =
        folders.size() == 1
            ? folders.get(0)
            : names.size() == 1 && Files.isDirectory(Path.of(names.get(0)))
                ? Path.of(names.get(0))
                : Path.of("");
    return folder.resolve(BatchFolder.REPORT);
  }

  private List<Path> folders() throws IOException {
    Settings settings = caravan.settingsOfNearestHome();
    BatchFinder finder = BatchFinder.of(settings);
    Path here = Path.of("").toAbsolutePath();
    List<Path> folders = new ArrayList<>();
    for (String name : names) {
      Optional<Path> batch = finder.find(name, here);
      List<Path> found =
          batch.isPresent()
              ? List.of(batch.get())
              : Files.isDirectory(here.resolve(name))
                  ? ResultFolders.batches(here.resolve(name))
                  : List.of();
      if (found.isEmpty()) {
        throw new IOException(
            "there is no batch \"" + name + "\", and no folder that contains batches");
      }
      folders.addAll(found);
    }
    return folders;
  }

  private List<ReportMetric> selectedMetrics() {
    List<ReportMetric> selected = new ArrayList<>();
    for (String name : metrics) {
      selected.add(
          ReportMetric.of(name.strip())
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "there is no metric \"" + name + "\"; choose from " + known())));
    }
    return selected;
  }

  private static String known() {
    return Arrays.stream(ReportMetric.values())
        .map(ReportMetric::column)
        .collect(Collectors.joining(", "));
  }
}
