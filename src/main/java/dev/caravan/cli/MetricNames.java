package dev.caravan.cli;

import dev.caravan.config.text.NearestName;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that chooses metrics. */
final class MetricNames {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--metrics",
      split = ",",
      paramLabel = "NAME",
      description = "Metrics to show, by their column names in results.csv.")
  private List<String> metrics = List.of();

  /**
   * The chosen ones, in their order; empty if none was chosen.
   *
   * @throws ParameterException if one is not known
   */
  List<String> among(List<String> known) {
    List<String> names = metrics.stream().map(String::strip).toList();
    names.forEach(name -> require(name, known));
    return names;
  }

  /** Refuses a name that is none of the known ones. */
  void require(String metric, List<String> known) {
    if (!known.contains(metric)) {
      throw new ParameterException(
          command.commandLine(),
          "there is no metric \""
              + metric
              + "\" to choose"
              + NearestName.hint(metric, known)
              + "; there are "
              + String.join(", ", known));
    }
  }
}
