package dev.caravan.config;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.Node;

/**
 * The sections of a config that give values to parameters, as written.
 *
 * @param base {@code base_config}, by key and option
 * @param sweeps by key, the loads of a search last
 * @param points in the order of the file
 * @param exclude in the order of the file
 * @param perConcurrency by key
 * @param variants by name
 * @param search the search, if there is one
 */
record GivenMatrix(
    Map<String, GivenValue> base,
    Map<String, GivenValue> sweeps,
    List<PointsSection.Item> points,
    List<PointsSection.Item> exclude,
    Map<String, GivenValue> perConcurrency,
    Map<String, VariantsSection.Given> variants,
    Optional<SearchSection.Given> search) {

  /** Reads them from the top level of a config. */
  static GivenMatrix read(TopSection top, ConfigRules rules, Problems problems) {
    Optional<SearchSection.Given> search =
        top.section(SearchSection.PATH)
            .map(section -> new SearchSection(rules, problems).read(section));
    Map<String, GivenValue> sweeps = sweeps(top, search, rules, problems);
    List<PointsSection.Item> points = items(top, PointsSection.PATH, rules, problems);
    Map<String, VariantsSection.Given> variants =
        top.section(VariantsSection.PATH)
            .map(section -> new VariantsSection(rules, problems).read(section))
            .orElse(Map.of());
    Set<String> setElsewhere = new HashSet<>(sweeps.keySet());
    points.forEach(point -> setElsewhere.addAll(point.given().keySet()));
    variants.values().forEach(variant -> setElsewhere.addAll(variant.given().keySet()));
    return new GivenMatrix(
        top.section(BaseSection.PATH)
            .map(section -> new BaseSection(rules, problems).read(section, setElsewhere))
            .orElse(Map.of()),
        sweeps,
        points,
        items(top, PointsSection.EXCLUDE, rules, problems),
        top.section(PerConcurrencySection.PATH)
            .map(section -> new PerConcurrencySection(rules, problems).read(section))
            .orElse(Map.of()),
        variants,
        search);
  }

  private static Map<String, GivenValue> sweeps(
      TopSection top, Optional<SearchSection.Given> search, ConfigRules rules, Problems problems) {
    Map<String, GivenValue> sweeps = new LinkedHashMap<>();
    top.section(SweepsSection.PATH)
        .ifPresent(section -> sweeps.putAll(new SweepsSection(rules, problems).read(section)));
    search.ifPresent(each -> VariedKeys.add(each.rule().key(), each.value(), sweeps, problems));
    return sweeps;
  }

  /** The section that varies a key of {@code sweeps}. */
  String placeOf(String sweptKey) {
    return search.filter(each -> each.rule().key().equals(sweptKey)).isPresent()
        ? SearchSection.PATH
        : SweepsSection.PATH;
  }

  private static List<PointsSection.Item> items(
      TopSection top, String name, ConfigRules rules, Problems problems) {
    return top.node(name)
        .map(node -> new PointsSection(rules, problems).read(node, name))
        .orElse(List.of());
  }

  /**
   * What all runs of a variant share.
   *
   * @param variant its name; empty without variants
   * @param given the base as the variant changes it
   */
  record Base(String variant, Map<String, GivenValue> given) {}

  /** The base of each variant; the base itself without variants. */
  Stream<Base> bases() {
    return variants.isEmpty()
        ? Stream.of(new Base("", base))
        : variants.entrySet().stream()
            .map(variant -> new Base(variant.getKey(), base(variant.getValue())));
  }

  /** The base as one variant changes it. */
  Map<String, GivenValue> base(VariantsSection.Given variant) {
    Map<String, GivenValue> merged = new LinkedHashMap<>(base);
    variant
        .given()
        .forEach(
            (key, value) -> {
              boolean isRemoved = value.values().isEmpty() && ValueReader.isAbsent(value.node());
              if (isRemoved && ConfigKeys.find(key).flatMap(ConfigKey::defaultValue).isEmpty()) {
                merged.remove(key);
              } else {
                merged.put(key, value);
              }
            });
    return merged;
  }

  /**
   * What varies a base: each combination of a map's values is a run. Where runs are excluded, or
   * numbers depend on others, there is one map a combination.
   */
  Stream<Map<String, GivenValue>> variations(RunMatrix matrix) {
    if (!exclude.isEmpty() || !perConcurrency.isEmpty()) {
      return IntStream.range(0, matrix.cells())
          .filter(matrix.exclusion().negate())
          .mapToObj(cell -> variation(matrix, cell));
    }
    return pointwise();
  }

  private Stream<Map<String, GivenValue>> pointwise() {
    return points.isEmpty()
        ? Stream.of(sweeps)
        : points.stream().map(point -> withSweeps(point.given()));
  }

  /** The values of every variant at every point, excluded combinations too. */
  Stream<Map<String, GivenValue>> combinations() {
    return bases().flatMap(base -> pointwise().map(variation -> combined(base, variation)));
  }

  private Map<String, GivenValue> withSweeps(Map<String, GivenValue> point) {
    Map<String, GivenValue> all = new LinkedHashMap<>(point);
    all.putAll(sweeps);
    return all;
  }

  private Map<String, GivenValue> variation(RunMatrix matrix, int cell) {
    Map<String, GivenValue> all =
        withSweeps(points.isEmpty() ? Map.of() : points.get(matrix.pointOf(cell)).given());
    Map<String, Object> values = matrix.cell(cell);
    sweeps
        .keySet()
        .forEach(
            key ->
                all.computeIfPresent(
                    key,
                    (k, given) ->
                        new GivenValue(given.node(), given.path(), List.of(values.get(k)))));
    return all;
  }

  /** A base with what varies it, and the counts that grow with its concurrency. */
  Map<String, GivenValue> combined(Base base, Map<String, GivenValue> variation) {
    Map<String, GivenValue> all = new LinkedHashMap<>(base.given());
    all.putAll(variation);
    List<Object> concurrencies =
        Optional.ofNullable(all.get(ConfigKeys.CONCURRENCY))
            .map(GivenValue::values)
            .orElse(List.of());
    perConcurrency.forEach((key, value) -> all.put(key, times(value, concurrencies)));
    return all;
  }

  /** The largest long stands for anything larger. */
  private static GivenValue times(GivenValue each, List<Object> concurrencies) {
    return new GivenValue(
        each.node(),
        each.path(),
        each.values().stream()
            .flatMap(n -> concurrencies.stream().map(c -> (Object) product((Long) n, (Long) c)))
            .toList());
  }

  private static long product(long each, long concurrency) {
    return concurrency > Long.MAX_VALUE / each ? Long.MAX_VALUE : each * concurrency;
  }

  /** The keys of all points. */
  Set<String> pointKeys() {
    Set<String> keys = new LinkedHashSet<>();
    points.forEach(point -> keys.addAll(point.given().keySet()));
    return keys;
  }

  /** The position of a section for messages: its key, or the top of the file. */
  static Node position(Mapping top, String section) {
    return top.get(section).map(Mapping.Entry::key).orElse(top.node());
  }
}
