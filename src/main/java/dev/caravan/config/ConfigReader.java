package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.YamlSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/** Reads and checks a config. It reports all problems at once, each with its line. */
public final class ConfigReader {

  private final ConfigRules rules;

  /** A reader for configs from one source, with the rules of that source. */
  public ConfigReader(ConfigRules rules) {
    this.rules = rules;
  }

  /**
   * Reads one config and what is set over it, which is checked in the same way.
   *
   * @param bytes content of the file
   * @param overrides the options
   * @param file its name, for messages
   * @throws ConfigRefusedException if there is any problem; it lists all of them
   */
  public BenchmarkConfig read(byte[] bytes, Overrides overrides, String file) {
    Problems problems = new Problems();
    ConfigTree tree = overrides.over(new YamlSource(file).read(bytes), problems);
    new ReplacedValues(rules, problems).check(tree.replaced());
    Mapping top = Mapping.of(tree.root(), "", problems);
    if (AiperfConfig.refused(top, problems)) {
      throw new ConfigRefusedException(file, problems.inOrder());
    }
    BenchmarkConfig config = config(top, problems);
    if (problems.any()) {
      throw new ConfigRefusedException(file, problems.inOrder());
    }
    return config;
  }

  private BenchmarkConfig config(Mapping top, Problems problems) {
    TopSection topSection = new TopSection(top, rules, problems);
    topSection.refuseUnknown();
    String name = topSection.string(TopSection.NAME, TopSection.DEFAULT_NAME, TextRules::batchName);
    String output =
        topSection.string(TopSection.OUTPUT, TopSection.DEFAULT_OUTPUT, TextRules::argument);
    checkOutputFolder(top, output, name, problems);
    MatrixReader.Read read = new MatrixReader(top, topSection, rules, problems).read();
    Map<String, String> labels =
        topSection
            .section(LabelsSection.PATH)
            .map(section -> new LabelsSection(rules, problems).read(section))
            .orElse(Map.of());
    ExecutionSections execution = executionSections(topSection, read.matrix(), problems);
    checkReadinessCompletion(top, execution, read.supportsCompletion(), problems);
    // The bounds of a batch may be on metrics that only its other runs have.
    MeasurableMetrics measurable =
        execution.rerun().isPresent() ? MeasurableMetrics.ANY : read.measurable();
    Evaluation evaluation = evaluation(topSection, read.matrix(), measurable, problems);
    topSection
        .node(SearchSection.PATH)
        .ifPresent(node -> new SearchChecks(top, problems).check(read.matrix(), evaluation));
    return new BenchmarkConfig(
        name,
        output,
        read.base(),
        read.matrix(),
        labels,
        execution,
        evaluation,
        problems.warnings());
  }

  /** Checks the folder that both names, or their defaults, result in. */
  private void checkOutputFolder(Mapping top, String output, String name, Problems problems) {
    Optional<Mapping.Entry> given = top.get(TopSection.OUTPUT).or(() -> top.get(TopSection.NAME));
    Node node = given.map(Mapping.Entry::value).orElse(top.node());
    String path = top.get(TopSection.OUTPUT).isEmpty() ? TopSection.NAME : TopSection.OUTPUT;
    rules
        .outputFolderRefusal(output, name)
        .map(why -> DisplayText.quoted(output + "/" + name) + ": " + DisplayText.unquoted(why))
        .ifPresent(message -> problems.add(node, path, message));
  }

  private ExecutionSections executionSections(
      TopSection topSection, RunMatrix matrix, Problems problems) {
    ValueReader values = new ValueReader(rules, problems);
    ExecutionSections defaults = ExecutionSections.DEFAULTS;
    return new ExecutionSections(
        topSection
            .section(LimitsSection.PATH)
            .map(section -> LimitsSection.read(section, values, problems))
            .orElse(defaults.limits()),
        topSection
            .section(RetrySection.PATH, RetrySection.LITERAL_KEYS)
            .map(section -> RetrySection.read(section, values, problems))
            .orElse(defaults.retry()),
        topSection
            .section(ReadinessSection.PATH)
            .map(section -> ReadinessSection.read(section, values, problems))
            .orElse(defaults.readiness()),
        topSection
            .section(RerunSection.PATH)
            .flatMap(section -> RerunSection.read(section, values, problems)),
        topSection
            .section(WorkerSection.PATH)
            .map(section -> WorkerSection.read(section, values, problems))
            .orElse(defaults.pool()),
        topSection.priority(),
        topSection
            .section(ChecksSection.PATH)
            .map(section -> new ChecksSection(values, problems).read(section))
            .orElse(defaults.checks()),
        topSection.variesPrompts().orElse(matrix.isCompared()),
        topSection.coolDown(),
        topSection
            .section(HooksSection.PATH)
            .map(section -> new HooksSection(rules, problems).read(section))
            .orElse(defaults.hooks()));
  }

  private Evaluation evaluation(
      TopSection topSection, RunMatrix matrix, MeasurableMetrics measurable, Problems problems) {
    ValueReader values = new ValueReader(rules, problems);
    return new Evaluation(
        topSection
            .section(SloSection.PATH)
            .map(section -> SloSection.read(section, measurable, values, problems))
            .orElse(List.of()),
        topSection
            .section(CompareSection.PATH)
            .flatMap(
                section -> new CompareSection(section, values, problems).read(matrix, measurable)));
  }

  private static void checkReadinessCompletion(
      Mapping top, ExecutionSections execution, boolean supportsCompletion, Problems problems) {
    if (execution.readiness().completion() && !supportsCompletion) {
      problems.add(
          GivenMatrix.position(top, ReadinessSection.PATH),
          ReadinessSection.PATH + ".completion",
          "requires endpoint_type chat or completions");
    }
  }
}
