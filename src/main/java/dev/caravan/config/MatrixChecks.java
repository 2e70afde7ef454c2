package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import java.math.BigInteger;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Checks the rules that involve several keys, or several of the sections that give values. */
final class MatrixChecks {

  private static final String REQUEST_COUNT = "request_count";
  private static final long MAX_RUNS = Integer.MAX_VALUE;

  /** How many possible runs of searches are always allowed: what their indexes take of memory. */
  private static final long LEAST_SPACE = 1_000_000;

  /** How many possible runs of searches are allowed for each run that is. */
  private static final long SPACE_OF_RUN = 10;

  private static final String BOTH = "; set only one";

  private final Mapping top;
  private final GivenMatrix given;
  private final RunMatrix matrix;
  private final ConfigRules rules;
  private final Problems problems;

  MatrixChecks(
      Mapping top, GivenMatrix given, RunMatrix matrix, ConfigRules rules, Problems problems) {
    this.top = top;
    this.given = given;
    this.matrix = matrix;
    this.rules = rules;
    this.problems = problems;
  }

  /**
   * Adds a problem for each rule that is broken.
   *
   * @return whether there are few enough runs to look at each of them
   */
  boolean check() {
    checkPlaces();
    checkPoints();
    checkExclude();
    boolean isAllowed = checkRunCount();
    if (isAllowed) {
      DatasetRules datasets = new DatasetRules(rules, problems);
      checkAnyRun();
      given
          .variations(matrix)
          .forEach(
              variation ->
                  given
                      .bases()
                      .forEach(base -> checkRuns(base, given.combined(base, variation), datasets)));
    }
    return isAllowed;
  }

  private void checkRuns(
      GivenMatrix.Base base, Map<String, GivenValue> all, DatasetRules datasets) {
    requireKeys(base.variant(), all.keySet());
    datasets.check(all);
    new CrossChecks(all, problems).check();
    given.perConcurrency().keySet().forEach(key -> checkCount(all.get(key)));
  }

  private void checkCount(GivenValue count) {
    boolean isTooLarge = count.values().stream().anyMatch(n -> (Long) n > Integer.MAX_VALUE);
    if (isTooLarge) {
      problems.add(count.node(), count.path(), "makes more than 2147483647 with this concurrency");
    }
  }

  private void checkAnyRun() {
    if (!problems.any() && IntStream.range(0, matrix.cells()).allMatch(matrix.exclusion())) {
      problems.add(
          GivenMatrix.position(top, PointsSection.EXCLUDE), PointsSection.EXCLUDE, "leaves no run");
    }
  }

  /** A key is varied in one way only. */
  private void checkPlaces() {
    Map<String, String> places = new LinkedHashMap<>();
    given.sweeps().keySet().forEach(key -> places.put(key, given.placeOf(key)));
    for (PointsSection.Item point : given.points()) {
      refuse(point.given(), places);
    }
    given.pointKeys().forEach(key -> places.put(key, PointsSection.PATH));
    given.variants().values().forEach(variant -> refuse(variant.given(), places));
    given
        .variants()
        .values()
        .forEach(v -> v.given().keySet().forEach(key -> places.put(key, VariantsSection.PATH)));
    given.base().keySet().forEach(key -> places.putIfAbsent(key, BaseSection.PATH));
    refuse(given.perConcurrency(), places);
  }

  private void refuse(Map<String, GivenValue> values, Map<String, String> places) {
    values.forEach(
        (key, value) -> {
          if (places.containsKey(key)) {
            problems.add(value.node(), value.path(), "also in " + places.get(key) + BOTH);
          }
        });
  }

  /** A key that one point has, all have, or the base. */
  private void checkPoints() {
    Set<String> keys = given.pointKeys();
    for (PointsSection.Item point : given.points()) {
      for (String key : keys) {
        if (!point.given().containsKey(key) && !given.base().containsKey(key)) {
          problems.add(
              point.node(),
              point.path() + "." + key,
              "other points have it; set it here too, or in base_config");
        }
      }
    }
  }

  private void checkExclude() {
    Map<String, List<Object>> varied = matrix.varied();
    for (PointsSection.Item item : given.exclude()) {
      item.given()
          .forEach(
              (key, value) -> {
                List<Object> known = varied.get(key);
                if (known == null) {
                  problems.add(value.node(), value.path(), "in neither sweeps nor points");
                } else if (!known.containsAll(value.values())) {
                  problems.add(
                      value.node(),
                      value.path(),
                      "no run has this value; runs have " + DisplayText.unquoted(list(known)));
                }
              });
    }
  }

  private static String list(List<Object> values) {
    return values.stream().limit(20).map(String::valueOf).collect(Collectors.joining(", "));
  }

  private void requireKeys(String variant, Set<String> keys) {
    ConfigKeys.all().stream()
        .filter(key -> key.required() && !keys.contains(key.name()))
        .forEach(key -> require(key.name(), missing(key.name(), variant)));
    if (!keys.contains(ConfigKeys.DURATION) && !keys.contains(REQUEST_COUNT)) {
      require(
          ConfigKeys.DURATION, missing(ConfigKeys.DURATION, variant) + "; or set request_count");
    }
  }

  private String missing(String key, String variant) {
    boolean isOfSome =
        given.variants().values().stream().anyMatch(each -> each.given().containsKey(key));
    return "required, but set in neither base_config nor sweeps"
        + (given.points().isEmpty() ? "" : " nor points")
        + (variant.isEmpty()
            ? ""
            : isOfSome ? " nor variant " + DisplayText.quoted(variant) : " nor variants");
  }

  private void require(String key, String message) {
    problems.add(
        GivenMatrix.position(top, BaseSection.PATH), BaseSection.PATH + "." + key, message);
  }

  private boolean checkRunCount() {
    List<BigInteger> swept =
        given.sweeps().values().stream()
            .filter(each -> each.node() instanceof SequenceNode)
            .filter(each -> !each.path().startsWith(SearchSection.PATH + "."))
            .map(each -> BigInteger.valueOf(((SequenceNode) each.node()).getValue().size()))
            .toList();
    Map<String, BigInteger> others = new LinkedHashMap<>();
    others.put(
        given.search().isPresent() ? SearchSection.PATH : RepeatSection.PATH,
        BigInteger.valueOf(matrix.search().map(Search::most).orElse(matrix.repeat().times())));
    others.put(VariantsSection.PATH, BigInteger.valueOf(given.variants().size()));
    others.put(PointsSection.PATH, BigInteger.valueOf(given.points().size()));
    others.values().removeIf(size -> size.compareTo(BigInteger.ONE) <= 0);
    List<BigInteger> sizes = Stream.concat(others.values().stream(), swept.stream()).toList();
    BigInteger runs = product(sizes);
    long limit = Math.min(rules.maxRuns(), MAX_RUNS);
    boolean isAllowed = runs.compareTo(BigInteger.valueOf(limit)) <= 0;
    if (!isAllowed) {
      others.put(SweepsSection.PATH, product(swept));
      String largest = Collections.max(others.entrySet(), Map.Entry.comparingByValue()).getKey();
      problems.add(GivenMatrix.position(top, largest), largest, tooMany(runs, sizes, limit));
    }
    return isAllowed && checkSearchSpace(runs);
  }

  /** Each load of each search has indexes of its own, whether they are needed or not. */
  private boolean checkSearchSpace(BigInteger runs) {
    if (matrix.search().isEmpty()) {
      return true;
    }
    Search search = matrix.search().get();
    long searches = runs.longValueExact() / search.most();
    long space = searches * search.indexes();
    long limit = Math.max(LEAST_SPACE, SPACE_OF_RUN * Math.min(rules.maxRuns(), MAX_RUNS));
    boolean isAllowed = space <= Math.min(limit, MAX_RUNS);
    if (!isAllowed) {
      String message =
          String.format(
              Locale.ROOT,
              "%,d searches among %,d loads, each of which can be run %d times, are %,d possible"
                  + " runs; at most %,d, or %d × caravan.batch.max-runs if that is more",
              searches,
              search.loads().size(),
              Search.MOST_RUNS_OF_LOAD,
              space,
              LEAST_SPACE,
              SPACE_OF_RUN);
      problems.add(GivenMatrix.position(top, SearchSection.PATH), SearchSection.PATH, message);
    }
    return isAllowed;
  }

  private static BigInteger product(List<BigInteger> sizes) {
    return sizes.stream().reduce(BigInteger.ONE, BigInteger::multiply);
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
}
