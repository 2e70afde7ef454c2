package dev.caravan.cli;

import dev.caravan.observe.compare.CompareRules;
import dev.caravan.observe.compare.ComparisonFile;
import dev.caravan.observe.compare.Comparisons;
import dev.caravan.observe.report.ComparisonJunit;
import dev.caravan.observe.report.ComparisonMarkdown;
import dev.caravan.observe.report.ComparisonResult;
import dev.caravan.observe.report.ComparisonTable;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan compare}: whether a batch is worse than another, beyond noise. */
@Command(
    name = "compare",
    description = "Compares a batch with another and shows whether it is worse, beyond noise.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan compare --last 5 nightly")
final class CompareCommand implements Callable<Integer> {

  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?) ?%");

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..2",
      paramLabel = "BATCH",
      description =
          "BASE and NEW; or only NEW, to compare its variants or as its config says, or with"
              + " --last or --last-pass. Each is an id, a folder, a zip archive, a name (its"
              + " newest batch; NAME~1: the previous one), latest, or baseline:NAME.")
  private List<String> names;

  @ArgGroup private Base base;

  /** What to compare with, instead of a named batch. */
  private static final class Base {

    @Option(
        names = "--last",
        paramLabel = "N",
        description =
            "Compare with the newest N comparable batches of the same name that did not" + " fail.")
    private Integer last;

    @Option(
        names = "--last-pass",
        description = "Compare with the newest comparable batch of the same name that passed.")
    private boolean lastPass;
  }

  @Mixin private MetricNames metrics;

  @Option(
      names = "--tolerance",
      split = ",",
      paramLabel = "NAME=P%",
      description = "Accepted change for the worse of a metric (default: 5%%; p90 and p99 10%%).")
  private Map<String, String> tolerance = Map.of();

  @Option(
      names = "--allow",
      split = ",",
      paramLabel = "KEY",
      description = "Differences to allow, and ids of checks whose degraded runs count.")
  private List<String> allow = List.of();

  /** Which verdicts make the command fail. */
  private enum FailOn {
    REGRESSION,
    INCONCLUSIVE
  }

  @Option(
      names = "--fail-on",
      paramLabel = "VERDICT",
      defaultValue = "regression",
      description =
          "regression (default), or inconclusive: then exit 4 when noise hides the answer.")
  private FailOn failOn;

  private enum Format {
    TEXT,
    MD,
    JSON
  }

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (default), md (for a pull request) or json.")
  private Format format;

  @Mixin private TextOutput output;

  @Option(names = "--junit", paramLabel = "FILE", description = "Also write JUnit XML.")
  private Path junit;

  @Override
  public Integer call() {
    CompareRules rules =
        new CompareRules(
            metrics.among(CompareRules.comparableMetrics()), tolerances(), Set.copyOf(allow));
    try {
      ComparisonFile comparisons = ComparisonFile.of(compare(rules));
      write(comparisons);
      Console.sentence(comparisons.sentence());
      return Exit.of(comparisons.verdict(), failOn == FailOn.INCONCLUSIVE);
    } catch (IOException e) {
      Console.sentence("caravan: " + FileFailures.message(e));
      return Exit.REFUSED;
    }
  }

  private List<ComparisonResult> compare(CompareRules rules) throws IOException {
    Comparisons comparisons = Comparisons.of(caravan.settingsOfNearestHome(), rules);
    if (base == null) {
      return names.size() == 1
          ? comparisons.compare(names.get(0))
          : List.of(comparisons.compare(names.get(0), names.get(1)));
    }
    if (names.size() > 1) {
      throw new ParameterException(
          spec.commandLine(), "--last and --last-pass accept one batch: they find the base");
    }
    if (base.last != null && (base.last < 1 || base.last > 100)) {
      throw new ParameterException(spec.commandLine(), "--last must be 1 to 100");
    }
    return List.of(
        base.lastPass
            ? comparisons.compareWithLastPass(names.get(0))
            : comparisons.compareWithLast(base.last, names.get(0)));
  }

  private void write(ComparisonFile comparisons) throws IOException {
    List<ComparisonResult> results = comparisons.comparisons();
    String text =
        switch (format) {
          case TEXT -> table(results);
          case MD -> ComparisonMarkdown.text(results);
          case JSON -> Json.text(comparisons) + "\n";
        };
    output.write(text);
    if (junit != null) {
      OutputFile.write(junit, new ComparisonJunit(failOn == FailOn.INCONCLUSIVE).xml(results));
    }
  }

  /** The tables, each under its sentence if there are several: the last one goes to stderr. */
  private static String table(List<ComparisonResult> results) {
    ComparisonTable table = new ComparisonTable(Console.width());
    return results.stream()
        .map(
            each ->
                (results.size() > 1 ? Console.line(each.sentence()) + "\n" : "") + table.text(each))
        .collect(Collectors.joining("\n"));
  }

  private Map<String, Double> tolerances() {
    Map<String, Double> fractions = new LinkedHashMap<>();
    tolerance.forEach(
        (metric, text) -> {
          metrics.require(metric, CompareRules.comparableMetrics());
          Matcher percent = PERCENT.matcher(text);
          if (!percent.matches() || Double.parseDouble(percent.group(1)) == 0) {
            throw new ParameterException(
                spec.commandLine(), "--tolerance " + metric + " must be a percentage, such as 5%");
          }
          fractions.put(metric, Double.parseDouble(percent.group(1)) / 100);
        });
    return fractions;
  }
}
