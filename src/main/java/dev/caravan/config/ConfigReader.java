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
    Problems problems = new Problems();
    Mapping top = Mapping.of(new YamlSource(file).read(bytes), "", problems);
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
        topSection.string(
            TopSection.OUTPUT,
            TopSection.DEFAULT_OUTPUT,
            text -> TextRules.argument(text).or(() -> rules.outputDirRefusal(text)));
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
    Map<String, List<Object>> values = new LinkedHashMap<>();
    sweeps.forEach((key, given) -> values.put(key, given.values()));
    return new BenchmarkConfig(
        name, output, parameters(base), values, labels, execution, problems.warnings());
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
        topSection.priority());
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
    new CrossChecks(all, problems).check();
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
  private static Parameters parameters(Map<String, GivenValue> base) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ConfigKey key : ConfigKeys.all()) {
      value(base, key.name()).or(key::defaultValue).ifPresent(v -> values.put(key.name(), v));
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

  private static Optional<Object> value(Map<String, GivenValue> base, String name) {
    return Optional.ofNullable(base.get(name))
        .flatMap(given -> given.values().stream().findFirst());
  }
}
