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

/** Reads a config strictly: all that is wrong with it at once, each with its line. */
public final class ConfigReader {

  private final ConfigRules rules;

  /** A reader for configs from one source, by the rules of that source. */
  public ConfigReader(ConfigRules rules) {
    this.rules = rules;
  }

  /**
   * Reads one config.
   *
   * @param bytes the file as it was dropped
   * @param file its name, for messages
   * @throws ConfigRefusedException with every problem found
   */
  public BenchmarkConfig read(byte[] bytes, String file) throws ConfigRefusedException {
    Problems problems = new Problems();
    Mapping top = Mapping.of(new YamlSource(file).read(bytes), "", problems);
    BenchmarkConfig config = config(top, problems);
    if (problems.any()) {
      throw new ConfigRefusedException(file, problems.inOrder());
    }
    return config;
  }

  private BenchmarkConfig config(Mapping top, Problems problems) {
    TopSection head = new TopSection(top, rules, problems);
    head.refuseUnknown();
    String name = head.text(TopSection.NAME, TopSection.DEFAULT_NAME, TextRules::batchName);
    String output =
        head.text(
            TopSection.OUTPUT,
            TopSection.DEFAULT_OUTPUT,
            text -> TextRules.argument(text).or(() -> rules.outputRefused(text)));
    Map<String, GivenValue> sweeps =
        head.section(SweepsSection.PATH)
            .map(section -> new SweepsSection(rules, problems).read(section))
            .orElse(Map.of());
    Map<String, GivenValue> base = base(head, sweeps.keySet(), problems);
    Map<String, String> labels =
        head.section(LabelsSection.PATH)
            .map(section -> new LabelsSection(rules, problems).read(section))
            .orElse(Map.of());
    ExecutionSections own = own(head, problems);
    List<String> warnings = together(top, base, sweeps, problems);
    Map<String, List<Object>> values = new LinkedHashMap<>();
    sweeps.forEach((key, given) -> values.put(key, given.values()));
    return new BenchmarkConfig(name, output, parameters(base), values, labels, own, warnings);
  }

  private Map<String, GivenValue> base(TopSection head, Set<String> swept, Problems problems) {
    return head.section(BaseSection.PATH)
        .map(section -> new BaseSection(rules, problems).read(section, swept))
        .orElse(Map.of());
  }

  private ExecutionSections own(TopSection head, Problems problems) {
    ValueReader values = new ValueReader(rules, problems);
    ExecutionSections byDefault = ExecutionSections.DEFAULTS;
    return new ExecutionSections(
        head.section(LimitsSection.PATH)
            .map(section -> LimitsSection.read(section, values, problems))
            .orElse(byDefault.limits()),
        head.section(RetrySection.PATH, RetrySection.AS_WRITTEN)
            .map(section -> RetrySection.read(section, values, problems))
            .orElse(byDefault.retry()),
        head.section(ReadinessSection.PATH)
            .map(section -> ReadinessSection.read(section, values, problems))
            .orElse(byDefault.readiness()),
        head.section(RerunSection.PATH)
            .flatMap(section -> RerunSection.read(section, values, problems)),
        head.section(WorkerSection.PATH)
            .map(section -> WorkerSection.read(section, values, problems))
            .orElse(byDefault.pool()),
        head.priority());
  }

  /** Checks what concerns several keys; gives the warnings. */
  private List<String> together(
      Mapping top,
      Map<String, GivenValue> base,
      Map<String, GivenValue> sweeps,
      Problems problems) {
    Map<String, GivenValue> all = new LinkedHashMap<>(base);
    all.putAll(sweeps);
    requireKeys(top, all.keySet(), problems);
    requireFewRuns(sweeps, top, problems);
    CrossChecks checks = new CrossChecks(all, problems);
    checks.check();
    return Stream.concat(checks.warnings().stream(), shortKeys(all)).toList();
  }

  private Stream<String> shortKeys(Map<String, GivenValue> all) {
    return Stream.ofNullable(all.get("api_key_env_var"))
        .flatMap(given -> given.values().stream())
        .map(String::valueOf)
        .filter(rules::keyTooShort)
        .map(
            variable ->
                "the value of %s is so short that it is not masked where aiperf prints it"
                    .formatted(variable));
  }

  private static void requireKeys(Mapping top, Set<String> given, Problems problems) {
    Optional<Mapping.Entry> base = top.get(BaseSection.PATH);
    Node at = base.map(Mapping.Entry::key).orElse(top.node());
    List<String> missing =
        ConfigKeys.all().stream()
            .filter(key -> key.required() && !given.contains(key.name()))
            .map(ConfigKey::name)
            .toList();
    missing.forEach(
        name ->
            problems.add(
                at,
                BaseSection.PATH + "." + name,
                "required, but neither base_config nor sweeps has it"));
  }

  private void requireFewRuns(Map<String, GivenValue> sweeps, Mapping top, Problems problems) {
    List<BigInteger> sizes =
        sweeps.values().stream()
            .filter(given -> given.at() instanceof SequenceNode)
            .map(given -> BigInteger.valueOf(((SequenceNode) given.at()).getValue().size()))
            .toList();
    BigInteger runs = sizes.stream().reduce(BigInteger.ONE, BigInteger::multiply);
    long most = Math.min(rules.maxRuns(), Integer.MAX_VALUE);
    if (runs.compareTo(BigInteger.valueOf(most)) > 0) {
      Node at = top.get(SweepsSection.PATH).map(Mapping.Entry::key).orElse(top.node());
      problems.add(at, SweepsSection.PATH, tooMany(runs, sizes, most));
    }
  }

  private static String tooMany(BigInteger runs, List<BigInteger> sizes, long most) {
    String product = sizes.stream().map(BigInteger::toString).collect(Collectors.joining(" × "));
    return String.format(
        Locale.ROOT,
        "makes %,d runs (%s); caravan.batch.max-runs allows %,d",
        runs,
        DisplayText.bare(product),
        most);
  }

  /** The base with its defaults, in the order of the table. */
  private static Parameters parameters(Map<String, GivenValue> base) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ConfigKey key : ConfigKeys.all()) {
      value(base, key.name()).or(key::byDefault).ifPresent(v -> values.put(key.name(), v));
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
    return Optional.ofNullable(base.get(name)).flatMap(g -> g.values().stream().findFirst());
  }
}
