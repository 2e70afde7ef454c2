package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads what a batch runs: its parameters, and everything that varies them. */
final class MatrixReader {

  private final Mapping mapping;
  private final TopSection top;
  private final ConfigRules rules;
  private final Problems problems;

  MatrixReader(Mapping mapping, TopSection top, ConfigRules rules, Problems problems) {
    this.mapping = mapping;
    this.top = top;
    this.rules = rules;
    this.problems = problems;
  }

  /**
   * What was read.
   *
   * @param base the {@code base_config} with its defaults, as the first variant changes it
   * @param matrix what varies it
   * @param measurable the metrics that its runs can have
   * @param supportsCompletion whether all runs have an endpoint that completes prompts
   */
  record Read(
      Parameters base,
      RunMatrix matrix,
      MeasurableMetrics measurable,
      boolean supportsCompletion) {}

  /** Reads and checks it. */
  Read read() {
    GivenMatrix given = GivenMatrix.read(top, rules, problems);
    Optional<Search> search = given.search().map(SearchSection.Given::rule);
    Repeat repeat =
        search.isPresent()
            ? new Repeat(Search.MOST_RUNS_OF_LOAD, Repeat.Order.BLOCKS)
            : top.node(RepeatSection.PATH)
                .map(node -> RepeatSection.read(node, new ValueReader(rules, problems), problems))
                .orElse(Repeat.ONCE);
    RunMatrix varying =
        new RunMatrix(
            points(given),
            values(given.sweeps()),
            given.exclude().stream().map(PointsSection.Item::values).toList(),
            numbers(given.perConcurrency()),
            repeat,
            Map.of(),
            search);
    Map<String, List<Object>> varied = varying.varied();
    Map<String, Variant> variants = variants(given, varied);
    RunMatrix matrix = varying.with(variants);
    boolean isCountable = new MatrixChecks(mapping, given, matrix, rules, problems).check();
    Parameters base =
        variants.values().stream()
            .findFirst()
            .map(Variant::base)
            .orElseGet(() -> parameters(given.base(), varied));
    return new Read(
        base,
        matrix,
        isCountable ? measurable(given) : MeasurableMetrics.ANY,
        given.bases().allMatch(each -> supportCompletion(each.given(), varied)));
  }

  /** A search needs its metrics of every run. */
  private static MeasurableMetrics measurable(GivenMatrix given) {
    return given.search().isPresent()
        ? MeasurableMetrics.ofAll(given)
        : MeasurableMetrics.ofAny(given);
  }

  private static Map<String, Variant> variants(
      GivenMatrix given, Map<String, List<Object>> varied) {
    Map<String, Variant> variants = new LinkedHashMap<>();
    given
        .variants()
        .forEach(
            (name, variant) ->
                variants.put(
                    name,
                    new Variant(
                        parameters(given.base(variant), varied),
                        variant.given().keySet(),
                        variant.labels(),
                        variant.group())));
    return variants;
  }

  /** The values of each point; what one lacks is that of the base. */
  private List<Map<String, Object>> points(GivenMatrix given) {
    Set<String> keys = given.pointKeys();
    Map<Map<String, Object>, Integer> points = new LinkedHashMap<>();
    for (PointsSection.Item point : given.points()) {
      Integer first = points.putIfAbsent(completed(point, keys, given.base()), points.size());
      if (first != null) {
        problems.add(point.node(), point.path(), "duplicate of item [" + first + "]");
      }
    }
    return List.copyOf(points.keySet());
  }

  private static Map<String, Object> completed(
      PointsSection.Item point, Set<String> keys, Map<String, GivenValue> base) {
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Object> own = point.values();
    for (String key : keys) {
      Optional.ofNullable(own.get(key))
          .or(() -> value(base, key))
          .ifPresent(value -> values.put(key, value));
    }
    return values;
  }

  private static Map<String, List<Object>> values(Map<String, GivenValue> given) {
    Map<String, List<Object>> values = new LinkedHashMap<>();
    given.forEach((key, each) -> values.put(key, each.values()));
    return values;
  }

  private static Map<String, Long> numbers(Map<String, GivenValue> given) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    given.forEach((key, each) -> each.values().forEach(n -> numbers.put(key, (Long) n)));
    return numbers;
  }

  /** The base parameters with defaults, in the order of the key table. */
  private static Parameters parameters(
      Map<String, GivenValue> base, Map<String, List<Object>> varied) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ConfigKey key : ConfigKeys.all()) {
      Optional<Object> value =
          base.containsKey(key.name()) || !hasDefault(key, base, varied)
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
      ConfigKey key, Map<String, GivenValue> base, Map<String, List<Object>> varied) {
    return !key.name().equals(ConfigKeys.ENDPOINT) || supportCompletion(base, varied);
  }

  private static boolean supportCompletion(
      Map<String, GivenValue> base, Map<String, List<Object>> varied) {
    Stream<Object> types =
        varied.containsKey(ConfigKeys.ENDPOINT_TYPE)
            ? varied.get(ConfigKeys.ENDPOINT_TYPE).stream()
            : value(base, ConfigKeys.ENDPOINT_TYPE).stream();
    return types.allMatch(type -> EndpointType.of((String) type).supportsCompletion());
  }

  private static Optional<Object> value(Map<String, GivenValue> base, String name) {
    return Optional.ofNullable(base.get(name))
        .flatMap(given -> given.values().stream().findFirst());
  }
}
