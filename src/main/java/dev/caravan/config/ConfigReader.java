package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.YamlSource;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads and checks a config. It reports all problems at once, each with its line. */
public final class ConfigReader {

  private final ConfigRules rules;

  /** A reader for configs from one source, with the rules of that source. */
  public ConfigReader(ConfigRules rules) {
    this.rules = rules;
  }

  /**
   * Reads one config.
   *
   * @param bytes content of the file
   * @param file its name, for messages
   * @throws ConfigRefusedException if there is any problem; it lists all of them
   */
  public BenchmarkConfig read(byte[] bytes, String file) {
    return read(bytes, Overrides.NONE, file);
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
    Map<String, GivenValue> sweeps =
        topSection
            .section(SweepsSection.PATH)
            .map(section -> new SweepsSection(rules, problems).read(section))
            .orElse(Map.of());
    Map<String, GivenValue> base = base(topSection, sweeps.keySet(), problems);
    Map<String, String> labels =
        topSection
            .section(LabelsSection.PATH)
            .map(section -> new LabelsSection(rules, problems).read(section))
            .orElse(Map.of());
    ExecutionSections execution = executionSections(topSection, problems);
    crossCheck(top, base, sweeps, problems);
    checkReadinessCompletion(top, execution, base, sweeps, problems);
    Map<String, List<Object>> values = new LinkedHashMap<>();
    sweeps.forEach((key, given) -> values.put(key, given.values()));
    return new BenchmarkConfig(
        name, output, parameters(base, sweeps), values, labels, execution, problems.warnings());
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

  private Map<String, GivenValue> base(
      TopSection topSection, Set<String> swept, Problems problems) {
    return topSection
        .section(BaseSection.PATH)
        .map(section -> new BaseSection(rules, problems).read(section, swept))
        .orElse(Map.of());
  }

  private ExecutionSections executionSections(TopSection topSection, Problems problems) {
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
        topSection.variesPrompts());
  }

  /** Checks rules that involve several keys. */
  private void crossCheck(
      Mapping top,
      Map<String, GivenValue> base,
      Map<String, GivenValue> sweeps,
      Problems problems) {
    Map<String, GivenValue> all = new LinkedHashMap<>(base);
    all.putAll(sweeps);
    requireKeys(top, all.keySet(), problems);
    checkRunCount(sweeps, top, problems);
    new DatasetRules(rules, problems).check(all);
    new CrossChecks(all, problems).check();
  }

  private static void checkReadinessCompletion(
      Mapping top,
      ExecutionSections execution,
      Map<String, GivenValue> base,
      Map<String, GivenValue> sweeps,
      Problems problems) {
    if (execution.readiness().completion() && !supportCompletion(base, sweeps)) {
      problems.add(
          top.get(ReadinessSection.PATH).map(Mapping.Entry::key).orElse(top.node()),
          ReadinessSection.PATH + ".completion",
          "requires endpoint_type chat or completions");
    }
  }

  private static void requireKeys(Mapping top, Set<String> given, Problems problems) {
    Optional<Mapping.Entry> base = top.get(BaseSection.PATH);
    Node position = base.map(Mapping.Entry::key).orElse(top.node());
    List<String> missing =
        ConfigKeys.all().stream()
            .filter(key -> key.required() && !given.contains(key.name()))
            .map(ConfigKey::name)
            .toList();
    missing.forEach(
        name ->
            problems.add(
                position,
                BaseSection.PATH + "." + name,
                "required, but set in neither base_config nor sweeps"));
  }

  private void checkRunCount(Map<String, GivenValue> sweeps, Mapping top, Problems problems) {
    List<BigInteger> sizes =
        sweeps.values().stream()
            .filter(given -> given.node() instanceof SequenceNode)
            .map(given -> BigInteger.valueOf(((SequenceNode) given.node()).getValue().size()))
            .toList();
    BigInteger runs = sizes.stream().reduce(BigInteger.ONE, BigInteger::multiply);
    long limit = Math.min(rules.maxRuns(), Integer.MAX_VALUE);
    if (runs.compareTo(BigInteger.valueOf(limit)) > 0) {
      Node position = top.get(SweepsSection.PATH).map(Mapping.Entry::key).orElse(top.node());
      problems.add(position, SweepsSection.PATH, tooMany(runs, sizes, limit));
    }
  }

  private static String tooMany(BigInteger runs, List<BigInteger> sizes, long limit) {
    String product = sizes.stream().map(BigInteger::toString).collect(Collectors.joining(" × "));
    return String.format(
        Locale.ROOT,
        "makes %,d runs (%s); caravan.batch.max-runs allows %,d",
        runs,
        DisplayText.unquoted(product),
        limit);
  }

  /** The base parameters with defaults, in the order of the key table. */
  private static Parameters parameters(
      Map<String, GivenValue> base, Map<String, GivenValue> sweeps) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ConfigKey key : ConfigKeys.all()) {
      Optional<Object> value =
          base.containsKey(key.name()) || !hasDefault(key, base, sweeps)
              ? value(base, key.name())
              : key.defaultValue();
      value
          .filter(given -> !Parameters.isUnlimited(key.name(), given))
          .ifPresent(given -> values.put(key.name(), given));
    }
    Map<String, Object> options = new LinkedHashMap<>();
    base.keySet().stream()
        .filter(name -> !ConfigKeys.isKey(name))
        .forEach(name -> value(base, name).ifPresent(v -> options.put(name, v)));
    if (!options.isEmpty()) {
      values.put(Parameters.OPTIONS, options);
    }
    return new Parameters(values);
  }

  /** The default endpoint is that of chat and completions; the other types have their own. */
  private static boolean hasDefault(
      ConfigKey key, Map<String, GivenValue> base, Map<String, GivenValue> sweeps) {
    return !key.name().equals(ConfigKeys.ENDPOINT) || supportCompletion(base, sweeps);
  }

  private static boolean supportCompletion(
      Map<String, GivenValue> base, Map<String, GivenValue> sweeps) {
    return Stream.of(base, sweeps)
        .flatMap(given -> Stream.ofNullable(given.get(ConfigKeys.ENDPOINT_TYPE)))
        .flatMap(given -> given.values().stream())
        .allMatch(type -> EndpointType.of((String) type).supportsCompletion());
  }

  private static Optional<Object> value(Map<String, GivenValue> base, String name) {
    return Optional.ofNullable(base.get(name))
        .flatMap(given -> given.values().stream().findFirst());
  }
}
