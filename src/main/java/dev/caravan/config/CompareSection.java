package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads {@code compare}: what the batch is compared with when it ends. */
final class CompareSection {

  static final String PATH = "compare";

  static final String METRICS = "metrics";
  static final String TOLERANCE = "tolerance";
  static final String ALLOW = "allow";

  private static final String FAIL_ON = "fail_on";
  private static final String INCONCLUSIVE = "inconclusive";
  private static final Pattern BATCH =
      Pattern.compile("[A-Za-z0-9_-][^/:\\\\]*(?:/\\d{8}_\\d{6}[^/:\\\\.]*)?");

  /** What {@code allow} can name besides parameters and checks. */
  private static final Set<String> FACTS =
      Set.of("aiperf", "cpu_model", "cpus", "memory", "prefix_hits", "vary_prompts");

  /** What a batch can be compared with; exactly one is set. */
  static final List<ConfigKey> BASES =
      List.of(
          SectionReader.integerKey(
              "last", 1, 100, "How many of the newest comparable batches of this name."),
          ConfigKey.of(
              "last_pass", ConfigKey.Type.BOOLEAN, "The newest comparable batch that" + " passed."),
          ConfigKey.of("batch", ConfigKey.Type.STRING, "A batch: its id or name."),
          ConfigKey.of("baseline", ConfigKey.Type.STRING, "A stored baseline."),
          ConfigKey.of("variant", ConfigKey.Type.STRING, "A variant of this batch."));

  static final List<ConfigKey> KEYS =
      Stream.concat(
              BASES.stream(),
              Stream.of(
                  ConfigKey.of(METRICS, ConfigKey.Type.STRING, "Metrics to compare."),
                  ConfigKey.of(TOLERANCE, ConfigKey.Type.STRING, "Accepted change for the worse."),
                  ConfigKey.of(FAIL_ON, ConfigKey.Type.STRING, "What makes a command fail.")
                      .withChoices(List.of("regression", INCONCLUSIVE))
                      .withDefault("regression"),
                  ConfigKey.of(ALLOW, ConfigKey.Type.STRING, "Differences that are accepted.")))
          .toList();

  /** An error rate may be 0, which has no logarithm. */
  static final List<String> COMPARABLE =
      SloSection.METRICS.stream().filter(metric -> !metric.equals("error_rate_pct")).toList();

  private final Mapping section;
  private final SectionReader reader;
  private final ValueReader values;
  private final Problems problems;

  CompareSection(Mapping section, ValueReader values, Problems problems) {
    this.section = section;
    this.reader = new SectionReader(section, KEYS, values, problems);
    this.values = values;
    this.problems = problems;
  }

  /** The rule; empty after adding a problem with what to compare with. */
  Optional<CompareRule> read(RunMatrix matrix, MeasurableMetrics measurable) {
    List<String> metrics = metrics();
    metrics.forEach(
        name ->
            measurable
                .missing(name)
                .ifPresent(
                    why -> problems.add(node(METRICS), section.path(METRICS), name + ": " + why)));
    Map<String, Double> tolerance = tolerance(metrics);
    boolean failsOnInconclusive = reader.string(FAIL_ON).filter(INCONCLUSIVE::equals).isPresent();
    List<String> allow = strings(ALLOW);
    allow.stream()
        .filter(key -> !isAllowable(key))
        .forEach(key -> problems.warn(node(ALLOW), section.path(ALLOW), doubt(key)));
    return base(matrix)
        .map(base -> new CompareRule(base, metrics, tolerance, failsOnInconclusive, allow));
  }

  private Optional<CompareRule.Base> base(RunMatrix matrix) {
    List<String> given =
        BASES.stream().map(ConfigKey::name).filter(name -> reader.node(name).isPresent()).toList();
    if (given.size() != 1) {
      String names = String.join(", ", BASES.stream().map(ConfigKey::name).toList());
      problems.add(section.node(), PATH, "must have exactly one of " + names);
      return Optional.empty();
    }
    return switch (given.get(0)) {
      case "last" -> reader.integer("last").map(CompareRule.Base.Last::new);
      case "last_pass" -> reader.bool("last_pass").flatMap(this::lastPass);
      case "batch" -> reader.string("batch").flatMap(this::named);
      case "baseline" -> reader.string("baseline").flatMap(this::baseline);
      default -> reader.string("variant").flatMap(name -> variant(name, matrix));
    };
  }

  /** A config may come from anybody: it names a batch of this home, and no other file. */
  private Optional<CompareRule.Base> named(String batch) {
    if (!BATCH.matcher(batch).matches()) {
      problems.add(
          node("batch"),
          section.path("batch"),
          DisplayText.quoted(batch) + ": must be the id or the name of a batch");
      return Optional.empty();
    }
    return Optional.of(new CompareRule.Base.Named(batch));
  }

  private Optional<CompareRule.Base> baseline(String name) {
    if (!CompareRule.Base.Baseline.isName(name)) {
      problems.add(
          node("baseline"),
          section.path("baseline"),
          DisplayText.quoted(name)
              + " is not a valid baseline name: use only letters, digits, and . _ -");
      return Optional.empty();
    }
    return Optional.of(new CompareRule.Base.Baseline(name));
  }

  /** Other versions of aiperf may have other options: what is not known may be right. */
  private static String doubt(String key) {
    Set<String> known = new TreeSet<>(FACTS);
    known.addAll(ChecksSection.IDS);
    known.addAll(ConfigKeys.names());
    return DisplayText.quoted(key)
        + " is not a known key, option or check"
        + NearestName.hint(key, known);
  }

  private static boolean isAllowable(String key) {
    return FACTS.contains(key)
        || ChecksSection.IDS.contains(key)
        || ConfigKeys.find(key).isPresent()
        || AiperfOptions.shipped().find(key).isPresent();
  }

  private Optional<CompareRule.Base> variant(String name, RunMatrix matrix) {
    if (!matrix.variants().containsKey(name)) {
      String near = NearestName.hint(name, matrix.variants().keySet());
      problems.add(
          node("variant"),
          section.path("variant"),
          DisplayText.quoted(name) + ": no such variant" + near);
      return Optional.empty();
    }
    return Optional.of(new CompareRule.Base.OfVariant(name));
  }

  private Optional<CompareRule.Base> lastPass(boolean isSet) {
    if (!isSet) {
      problems.add(section.node(), section.path("last_pass"), "must be true or omitted");
      return Optional.empty();
    }
    return Optional.of(new CompareRule.Base.LastPass());
  }

  private Node node(String key) {
    return reader.node(key).orElseThrow();
  }

  private List<String> metrics() {
    List<String> names = strings(METRICS);
    names.stream()
        .filter(name -> !COMPARABLE.contains(name))
        .forEach(
            name ->
                problems.add(
                    node(METRICS),
                    section.path(METRICS),
                    DisplayText.quoted(name) + ": " + SloSection.unknown(name, COMPARABLE)));
    return names;
  }

  private List<String> strings(String key) {
    String path = section.path(key);
    List<Node> nodes =
        reader
            .node(key)
            .map(node -> node instanceof SequenceNode list ? list.getValue() : List.of(node))
            .orElse(List.of());
    Map<String, Integer> texts = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      Optional<String> text = values.scalar(node, path, "a name").map(Scalar::raw);
      Integer first = text.isEmpty() ? null : texts.putIfAbsent(text.get(), i);
      if (first != null) {
        problems.add(node, path + "[" + i + "]", "duplicate of item [" + first + "]");
      }
    }
    return List.copyOf(texts.keySet());
  }

  /**
   * The accepted changes by metric.
   *
   * @param compared the metrics to compare; empty for the usual ones, which depend on the runs
   */
  private Map<String, Double> tolerance(List<String> compared) {
    Map<String, Double> tolerance = new LinkedHashMap<>();
    Optional<Node> node = reader.node(TOLERANCE);
    String path = section.path(TOLERANCE);
    if (node.isPresent() && !(node.get() instanceof MappingNode)) {
      problems.add(node.get(), path, "must be a mapping of metrics to percent, such as 5%");
    }
    node.filter(MappingNode.class::isInstance)
        .map(each -> Mapping.of((MappingNode) each, path, problems))
        .ifPresent(
            metrics ->
                metrics
                    .entries()
                    .forEach(
                        (name, entry) -> {
                          String at = metrics.path(name);
                          if (!COMPARABLE.contains(name)) {
                            problems.add(
                                entry.key(), at, () -> SloSection.unknown(name, COMPARABLE));
                          } else if (!compared.isEmpty() && !compared.contains(name)) {
                            problems.add(entry.key(), at, "is not compared: not in metrics");
                          } else {
                            percent(entry.value(), at).ifPresent(p -> tolerance.put(name, p));
                          }
                        }));
    return tolerance;
  }

  private Optional<Double> percent(Node node, String path) {
    Optional<Double> percent = values.percent(node, path);
    if (percent.filter(value -> value == 0).isPresent()) {
      problems.add(
          node,
          path,
          "must be more than 0 %: no number of repeats can show that two" + " are equal");
    }
    return percent.filter(value -> value > 0);
  }
}
