package dev.caravan.config;

import dev.caravan.config.yaml.ConfigRefusedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Rules that do not depend on the machine: secrets must be named {@code *_API_KEY}, and only {@code
 * SET_API_KEY} and {@code SHORT_API_KEY} are set.
 */
public record FixedRules(long maxRuns, Set<String> additionalOptions) implements ConfigRules {

  @Override
  public boolean optionAllowed(String name) {
    return additionalOptions.contains(name);
  }

  /** A valid base_config to append to. */
  public static final String BASE =
      """
      base_config:
        model: m
        url: http://h:8000
        warmup_request_count: 1
        benchmark_duration: 5
        concurrency: 1
      """;

  /** At most 100,000 runs, no additional options. */
  public FixedRules() {
    this(100_000, Set.of());
  }

  /** Reads a valid config. */
  public static BenchmarkConfig read(String config) {
    return new ConfigReader(new FixedRules())
        .read(config.getBytes(StandardCharsets.UTF_8), Overrides.NONE, "c.yaml");
  }

  /** The problems of a config, one line each; empty if it is accepted. */
  static List<String> problems(String config) {
    return problems(config.getBytes(StandardCharsets.UTF_8), new FixedRules());
  }

  static List<String> problems(byte[] config, ConfigRules rules) {
    return problems(config, Overrides.NONE, rules);
  }

  /** The problems of a config with overrides. */
  static List<String> problems(String config, Overrides overrides) {
    return problems(config.getBytes(StandardCharsets.UTF_8), overrides, new FixedRules());
  }

  private static List<String> problems(byte[] config, Overrides overrides, ConfigRules rules) {
    try {
      new ConfigReader(rules).read(config, overrides, "c.yaml");
      return List.of();
    } catch (ConfigRefusedException e) {
      return e.problems().stream().map(problem -> problem.text("c.yaml")).toList();
    }
  }

  @Override
  public boolean secretAllowed(String variable) {
    return variable.endsWith("_API_KEY");
  }

  @Override
  public String secretsProperty() {
    return "caravan.keys.allowed";
  }

  @Override
  public boolean secretSet(String variable) {
    return Set.of("SET_API_KEY", "SHORT_API_KEY", "BROKEN_API_KEY").contains(variable);
  }

  @Override
  public Optional<String> secretFault(String variable) {
    return variable.equals("BROKEN_API_KEY") ? Optional.of("is broken") : Optional.empty();
  }

  @Override
  public List<String> secretRemarks(String variable) {
    return variable.equals("SHORT_API_KEY") ? List.of("is short") : List.of();
  }

  @Override
  public Optional<String> encodingRefusal(String text) {
    return text.contains("\u20ac") ? Optional.of("cannot be passed") : Optional.empty();
  }

  @Override
  public Optional<String> outputFolderRefusal(String outputBaseDir, String batchName) {
    return outputBaseDir.startsWith("/")
        ? Optional.of("lies outside caravan.results.roots")
        : Optional.empty();
  }

  @Override
  public Optional<String> inputFileRefusal(String inputFile) {
    return inputFile.equals("there.jsonl") ? Optional.empty() : Optional.of("is not there");
  }
}
