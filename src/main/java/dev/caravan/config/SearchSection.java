package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads {@code search}: the lowest and the highest load to try, and the precision. */
final class SearchSection {

  static final String PATH = "search";
  static final String PRECISION = "precision";

  static final double DEFAULT_PRECISION = 0.05;

  private static final double LEAST_PRECISION = 0.01;
  private static final double MOST_PRECISION = 0.5;
  private static final String FORM = "must be the lowest and the highest load, such as [1, 512]";

  /** Higher ends are typos. */
  private static final double MOST_LOAD = 1_000_000;

  /** Ends that are further apart are typos, and would make a list of thousands of loads. */
  private static final double MOST_RATIO = 1_000_000;

  /** More loads than this are asked for by a range and a precision that do not fit. */
  private static final int MOST_LOADS = 500;

  private final VariedKeys keys;
  private final ValueReader values;
  private final Problems problems;

  SearchSection(ConfigRules rules, Problems problems) {
    this.keys = new VariedKeys(rules, problems);
    this.values = new ValueReader(rules, problems);
    this.problems = problems;
  }

  /**
   * A search as written.
   *
   * @param rule the search
   * @param value its loads, at the place of its two ends
   */
  record Given(Search rule, GivenValue value) {}

  /** The search; after adding a problem, one that nothing else can be said of. */
  Given read(Mapping section) {
    section
        .entries()
        .forEach(
            (name, entry) -> {
              if (!ConfigKeys.LOADS.contains(name) && !name.equals(PRECISION)) {
                problems.add(entry.key(), section.path(name), () -> unknown(name));
              }
            });
    double precision = precision(section);
    List<String> given =
        ConfigKeys.LOADS.stream().filter(name -> node(section, name).isPresent()).toList();
    if (given.size() != 1) {
      problems.add(
          section.node(), PATH, "must have exactly one of " + String.join(", ", ConfigKeys.LOADS));
      return refused(section.node(), ConfigKeys.CONCURRENCY);
    }
    String key = given.get(0);
    Mapping.Entry entry = section.get(key).orElseThrow();
    return ends(entry, key, section.path(key), precision)
        .orElseGet(() -> refused(entry.value(), key));
  }

  private static Given refused(Node node, String key) {
    Search any = Search.ofWhole(key, 1, 2, DEFAULT_PRECISION);
    return new Given(any, new GivenValue(node, PATH + "." + key, any.loads()));
  }

  private static String unknown(String name) {
    List<String> names = new ArrayList<>(ConfigKeys.LOADS);
    names.add(PRECISION);
    String near = NearestName.hint(name, names);
    return "unknown key" + (near.isEmpty() ? "; valid keys: " + String.join(", ", names) : near);
  }

  private static Optional<Node> node(Mapping section, String name) {
    return section.get(name).map(Mapping.Entry::value).filter(node -> !ValueReader.isAbsent(node));
  }

  private double precision(Mapping section) {
    Optional<Node> node = node(section, PRECISION);
    Optional<Double> given = node.flatMap(each -> values.percent(each, section.path(PRECISION)));
    if (given.filter(p -> p < LEAST_PRECISION || p > MOST_PRECISION).isPresent()) {
      problems.add(node.orElseThrow(), section.path(PRECISION), "must be from 1% to 50%");
      return DEFAULT_PRECISION;
    }
    return given.orElse(DEFAULT_PRECISION);
  }

  private Optional<Given> ends(Mapping.Entry entry, String key, String path, double precision) {
    if (!(entry.value() instanceof SequenceNode list) || list.getValue().size() != 2) {
      problems.add(entry.value(), path, FORM);
      return Optional.empty();
    }
    List<Object> ends = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Node node = list.getValue().get(i);
      String at = path + "[" + i + "]";
      keys.reader(key, entry, path)
          .flatMap(reader -> reader.read(node, at))
          .filter(value -> isLoad(value, node, at))
          .ifPresent(ends::add);
    }
    if (ends.size() < 2) {
      return Optional.empty();
    }
    double from = ((Number) ends.get(0)).doubleValue();
    double to = ((Number) ends.get(1)).doubleValue();
    if (from >= to) {
      problems.add(list, path, FORM + "; the second must be higher than the first");
      return Optional.empty();
    }
    if (to > from * MOST_RATIO) {
      problems.add(list, path, "the second is more than 1,000,000 times the first");
      return Optional.empty();
    }
    Search rule =
        key.equals(ConfigKeys.CONCURRENCY)
            ? Search.ofWhole(key, (long) from, (long) to, precision)
            : Search.ofDecimal(key, from, to, precision);
    if (rule.loads().size() > MOST_LOADS) {
      problems.add(list, path, tooMany(rule.loads().size()));
      return Optional.empty();
    }
    return Optional.of(new Given(rule, new GivenValue(list, path, rule.loads())));
  }

  private static String tooMany(int loads) {
    return String.format(
        Locale.ROOT,
        "makes %,d loads in steps of half of the precision; at most %,d: give a larger precision,"
            + " or a narrower range",
        loads,
        MOST_LOADS);
  }

  private boolean isLoad(Object value, Node node, String path) {
    boolean isLoad =
        value instanceof Number number
            && number.doubleValue() > 0
            && number.doubleValue() <= MOST_LOAD;
    if (!isLoad) {
      problems.add(
          node,
          path,
          DisplayText.quoted(String.valueOf(value))
              + ": must be a number of more than 0 and at most 1000000");
    }
    return isLoad;
  }
}
