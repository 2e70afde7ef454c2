package dev.caravan.observe.compare;

import dev.caravan.observe.report.ComparisonResult.Unlike;
import dev.caravan.observe.report.Rounding;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.checks.Statistic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether two sides are alike, so that a difference in their numbers says something about what is
 * compared. The runs are those that count.
 */
final class Likeness {

  /** The key of the mean number of input tokens. */
  static final String INPUT_TOKENS = "isl";

  /** The key of the mean number of output tokens. */
  static final String OUTPUT_TOKENS = "osl";

  /** How much the mean number of tokens of requests may differ, as a fraction. */
  private static final double LENGTHS = 0.05;

  /** How much the share of prompts from a prefix cache may differ, in percentage points. */
  private static final double HITS = 5;

  private static final String NOT_SET = "not set";
  private static final int MAX_TEXT = 60;
  private static final int MAX_VALUES = 3;

  private final Map<String, List<ComparedRun>> base;
  private final Map<String, List<ComparedRun>> candidate;
  private final Set<String> varied;
  private final Set<String> allowed;

  /**
   * Compares what was run.
   *
   * @param varied keys that the sides are meant to differ in
   * @param allowed keys in which they may
   */
  Likeness(ComparedSide base, ComparedSide candidate, Set<String> varied, Set<String> allowed) {
    this.base = base.byPoint();
    this.candidate = candidate.byPoint();
    this.varied = varied;
    this.allowed = allowed;
  }

  /** The points that both sides have, in the order of the base. */
  List<String> common() {
    return base.keySet().stream().filter(candidate::containsKey).toList();
  }

  /** Whether nothing forbids to compare them. */
  boolean isAlike() {
    return !common().isEmpty() && unlike().stream().allMatch(Unlike::allowed);
  }

  /** In what they are different things. A file of prompts may differ in its name and content. */
  List<Unlike> unlike() {
    Set<String> told = new HashSet<>();
    return Stream.of(
            differing(ComparedRun::parameters, true),
            differing(ComparedRun::client, false),
            lengths(INPUT_TOKENS, "isl_avg"),
            lengths(OUTPUT_TOKENS, "osl_avg"),
            hits())
        .flatMap(List::stream)
        .filter(each -> !varied.contains(each.key()) && told.add(each.key()))
        .toList();
  }

  /** What differs but does not matter. */
  List<Unlike> listed() {
    return differing(ComparedRun::facts, false);
  }

  /** The values of a key, on both sides. */
  private record Values(Set<String> base, Set<String> candidate) {
    Values() {
      this(new TreeSet<>(), new TreeSet<>());
    }
  }

  /**
   * The keys whose values differ at some point.
   *
   * @param absenceCounts whether a key that one side lacks differs, unless that side has none at
   *     all; else nobody knows its value
   */
  private List<Unlike> differing(
      Function<ComparedRun, Map<String, String>> texts, boolean absenceCounts) {
    Map<String, Values> found = new LinkedHashMap<>();
    for (String point : common()) {
      Map<String, Set<String>> ofBase = texts(base.get(point), texts);
      Map<String, Set<String>> ofCandidate = texts(candidate.get(point), texts);
      Set<String> keys = new TreeSet<>(ofBase.keySet());
      keys.addAll(ofCandidate.keySet());
      for (String key : keys) {
        Set<String> one = ofBase.getOrDefault(key, Set.of());
        Set<String> other = ofCandidate.getOrDefault(key, Set.of());
        boolean isKnown =
            absenceCounts
                ? !ofBase.isEmpty() && !ofCandidate.isEmpty()
                : !one.isEmpty() && !other.isEmpty();
        if (isKnown && !one.equals(other)) {
          Values values = found.computeIfAbsent(key, k -> new Values());
          values.base().addAll(one);
          values.candidate().addAll(other);
        }
      }
    }
    List<Unlike> unlike = new ArrayList<>();
    found.forEach(
        (key, values) -> unlike.add(unlike(key, text(values.base()), text(values.candidate()))));
    return unlike;
  }

  private static Map<String, Set<String>> texts(
      List<ComparedRun> runs, Function<ComparedRun, Map<String, String>> texts) {
    Map<String, Set<String>> all = new LinkedHashMap<>();
    // A run without any of them does not tell.
    runs.forEach(
        run ->
            texts
                .apply(run)
                .forEach((key, text) -> all.computeIfAbsent(key, k -> new TreeSet<>()).add(text)));
    return all;
  }

  private static String text(Set<String> values) {
    String shown =
        values.stream()
            .limit(MAX_VALUES)
            .map(value -> OneLine.line(value, MAX_TEXT))
            .collect(Collectors.joining(", "));
    return values.isEmpty() ? NOT_SET : values.size() > MAX_VALUES ? shown + ", …" : shown;
  }

  private Unlike unlike(String key, String ofBase, String ofCandidate) {
    return new Unlike(key, ofBase, ofCandidate, allowed.contains(key));
  }

  private List<Unlike> lengths(String key, String column) {
    return farthest(key, column, (one, other) -> Math.abs(other / one - 1), LENGTHS, " tokens");
  }

  private List<Unlike> hits() {
    String column = Statistic.PREFIX_HITS.column();
    return farthest("prefix_hits", column, (one, other) -> Math.abs(other - one), HITS, " %");
  }

  private interface Distance {
    double between(double base, double candidate);
  }

  /** The point at which the means of a metric are farthest from each other, if that is too far. */
  private List<Unlike> farthest(
      String key, String column, Distance distance, double most, String unit) {
    double farthest = most;
    List<Unlike> found = List.of();
    for (String point : common()) {
      OptionalDouble one = mean(base.get(point), column);
      OptionalDouble other = mean(candidate.get(point), column);
      if (one.isPresent() && other.isPresent()) {
        double far = distance.between(one.getAsDouble(), other.getAsDouble());
        if (far > farthest) {
          farthest = far;
          found =
              List.of(
                  unlike(
                      key,
                      Rounding.of(one.getAsDouble()) + unit,
                      Rounding.of(other.getAsDouble()) + unit));
        }
      }
    }
    return found;
  }

  private static OptionalDouble mean(List<ComparedRun> runs, String column) {
    return runs.stream().flatMapToDouble(run -> run.metric(column).stream()).average();
  }
}
