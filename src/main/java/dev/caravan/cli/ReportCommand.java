package dev.caravan.cli;

import dev.caravan.batch.Tree;
import dev.caravan.report.BatchReader;
import dev.caravan.report.ReportData;
import dev.caravan.report.ReportPage;
import dev.caravan.report.Reporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan report}: a page with plots, or a table for a pull request, from result trees. */
@Command(
    name = "report",
    description = "Makes a report of batches, from their folders alone.",
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "DIR", description = "Folders of batches.")
  private List<Path> folders;

  @Override
  public Integer call() throws IOException {
    ReportData data = new Reporter(new BatchReader()).report(folders);
    Path file = folders.get(0).resolve("report.html");
    new Tree().writeWhole(file, new ReportPage().html(data).getBytes(StandardCharsets.UTF_8));
    spec.commandLine().getOut().println(file);
    return Exit.OK;
  }
}
