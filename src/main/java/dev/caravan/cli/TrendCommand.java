package dev.caravan.cli;

import dev.caravan.observe.compare.CompareRules;
import dev.caravan.observe.compare.Trend;
import dev.caravan.observe.compare.TrendPage;
import dev.caravan.observe.compare.TrendReader;
import dev.caravan.observe.compare.TrendText;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan trend}: how the batches of a name developed. */
@Command(
    name = "trend",
    description = "Lists the batches of a name over time, with mean and interval of each metric.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan trend nightly --format csv --output nightly.csv")
final class TrendCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Names of batches.")
  private List<String> names;

  @Mixin private MetricNames metrics;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "100",
      description = "Look at the newest N batches of each name (default: 100).")
  private int last;

  private enum Format {
    TEXT,
    CSV,
    JSON,
    HTML
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default), csv, json, or html for a page with one plot per metric.")
  private Format format;

  @Mixin private TextOutput output;

  @Override
  public Integer call() throws IOException {
    List<String> columns = metrics.among(CompareRules.comparableMetrics());
    if (last < 1) {
      throw new ParameterException(spec.commandLine(), "--last must be 1 or more");
    }
    Trend trend = TrendReader.of(caravan.settingsOfNearestHome(), columns, last).read(names);
    output.write(text(trend));
    if (format != Format.TEXT) {
      trend.leftOut().forEach(why -> spec.commandLine().getErr().println("Left out: " + why));
    }
    return Exit.OK;
  }

  private String text(Trend trend) {
    return switch (format) {
      case TEXT -> TrendText.table(trend, Console.width());
      case CSV -> TrendText.csv(trend);
      case JSON -> Json.text(trend) + "\n";
      case HTML -> new TrendPage().html(trend);
    };
  }
}
