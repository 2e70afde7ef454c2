package dev.caravan.analysis;

import static dev.caravan.analysis.SimulatedPairs.POINTS;
import static dev.caravan.analysis.SimulatedPairs.noisy;
import static dev.caravan.analysis.SimulatedPairs.usual;
import static dev.caravan.analysis.Verdict.FAIL;
import static dev.caravan.analysis.Verdict.INCONCLUSIVE;
import static dev.caravan.analysis.Verdict.PASS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.MadeSection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * How often the verdict is right, over simulated pairs. The table in {@code
 * docs/evidence/comparing.md} is made from it: run with {@code -Dcaravan.comparing.write=true} to
 * write it.
 */
class ComparisonSimulationTest {

  private static final int PAIRS = 1_000;
  private static final MadeSection SECTION =
      new MadeSection(
          Path.of("docs/evidence/comparing.md"),
          "ComparisonSimulationTest",
          "caravan.comparing.write");

  private static final Noise ONE_PERCENT = Noise.assumed(0.01);
  private static final Noise IGNORED = Noise.NONE;
  private static final Noise MEASURED = null;

  /** What is wanted of a verdict; without bounds it is only shown. */
  private record Wanted(Verdict verdict, double atLeast, double atMost) {

    static Wanted most(Verdict verdict, double share) {
      return new Wanted(verdict, 0, share);
    }

    static Wanted least(Verdict verdict, double share) {
      return new Wanted(verdict, share, 1);
    }

    boolean holds(Map<Verdict, Double> shares) {
      double share = shares.getOrDefault(verdict, 0.0);
      return share >= atLeast - 1e-9 && share <= atMost + 1e-9;
    }

    @Override
    public String toString() {
      return verdict
          + (atMost == 0 ? " never" : atLeast > 0 ? " ≥ " + text(atLeast) : " ≤ " + text(atMost));
    }
  }

  private record Row(String what, SimulatedPairs pairs, List<Wanted> wanted) {

    Row(String what, SimulatedPairs pairs, Wanted... wanted) {
      this(what, pairs, List.of(wanted));
    }
  }

  private record Result(Row row, Map<Verdict, Double> shares) {

    boolean isAsWanted() {
      return row.wanted().stream().allMatch(wanted -> wanted.holds(shares));
    }

    @Override
    public String toString() {
      return Stream.of(
              row.what(),
              row.wanted().stream().map(Wanted::toString).collect(Collectors.joining(", ")),
              share(FAIL),
              share(PASS),
              share(INCONCLUSIVE))
          .collect(Collectors.joining(" | ", "| ", " |"));
    }

    private String share(Verdict verdict) {
      return text(shares.getOrDefault(verdict, 0.0));
    }
  }

  private static String text(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share).replace(".0 %", " %");
  }

  private static final Wanted SELDOM_RED = Wanted.most(FAIL, 0.01);
  private static final Wanted NEVER_RED = Wanted.most(FAIL, 0);

  private static List<Row> rows() {
    return Stream.of(sameThing(), worse(), better(), lastFive(), otherNoise())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Row> sameThing() {
    List<Row> rows = new ArrayList<>();
    for (int repeats : List.of(3, 5, 10)) {
      String what = "same thing, in turn, n = " + repeats;
      List<Wanted> wanted =
          repeats == 5 ? List.of(SELDOM_RED, Wanted.least(PASS, 0.9)) : List.of(SELDOM_RED);
      rows.add(new Row(what, usual().repeats(repeats), wanted));
      rows.add(new Row(what + ", noisy", noisy().repeats(repeats), SELDOM_RED));
      rows.add(new Row(what + ", t₃", usual().repeats(repeats).withHeavyTails(), SELDOM_RED));
    }
    rows.add(new Row("same thing, two batches", two(usual()), SELDOM_RED));
    rows.add(new Row("same thing, two batches, noisy", two(noisy()), SELDOM_RED));
    return rows;
  }

  private static List<Row> worse() {
    String all = "10 % worse at all points, ";
    String one = "10 % worse at one point, ";
    return List.of(
        new Row(all + "in turn", usual().worse(0.1, POINTS), Wanted.least(FAIL, 0.95)),
        new Row(all + "in turn, noisy", noisy().worse(0.1, POINTS), Wanted.least(FAIL, 0.95)),
        new Row(all + "two batches", two(usual()).worse(0.1, POINTS), Wanted.least(FAIL, 0.8)),
        new Row(all + "two batches, noisy", two(noisy()).worse(0.1, POINTS)),
        new Row(
            one + "in turn",
            usual().worse(0.1, 1),
            Wanted.least(FAIL, 0.85),
            Wanted.most(PASS, 0.01)),
        new Row(one + "in turn, noisy", noisy().worse(0.1, 1)),
        new Row(
            one + "in turn, CV 8 %, n = 35",
            usual().cv(0.08, 0.08, 0.08).repeats(35).worse(0.1, 1)));
  }

  private static List<Row> better() {
    return List.of(
        new Row("10 % better, in turn", usual().worse(-0.1, POINTS), NEVER_RED),
        new Row("10 % better, in turn, noisy", noisy().worse(-0.1, POINTS), NEVER_RED),
        new Row("10 % better, two batches", two(usual()).worse(-0.1, POINTS), NEVER_RED));
  }

  private static List<Row> lastFive() {
    return List.of(
        new Row("same thing, `last: 5`", lastFive(usual())),
        new Row("same thing, `last: 5`, noisy", lastFive(noisy())),
        new Row("10 % worse at all points, `last: 5`", lastFive(usual()).worse(0.1, POINTS)),
        new Row("10 % worse at all points, `last: 5`, noisy", lastFive(noisy()).worse(0.1, POINTS)),
        new Row("10 % worse at one point, `last: 5`", lastFive(usual()).worse(0.1, 1)),
        new Row("10 % worse at one point, `last: 5`, noisy", lastFive(noisy()).worse(0.1, 1)),
        new Row("10 % better, `last: 5`", lastFive(usual()).worse(-0.1, POINTS), NEVER_RED));
  }

  /** The same thing with a noise between batches of 1 to 3 %, another one in each pair. */
  private static List<Row> otherNoise() {
    String what = "same thing, noise of 1 to 3 % ";
    SimulatedPairs two = usual().batches(1, 0.01, 0.03, IGNORED);
    SimulatedPairs assumed = usual().batches(1, 0.01, 0.03, ONE_PERCENT);
    return List.of(
        new Row(what + "ignored, n = 5", two),
        new Row(what + "ignored, n = 8", two.repeats(8)),
        new Row(what + "taken for 1 %, n = 5", assumed),
        new Row(what + "taken for 1 %, n = 8", assumed.repeats(8)),
        new Row(what + "measured over `last: 5`", usual().batches(5, 0.01, 0.03, MEASURED)),
        new Row(what + "measured over `last: 10`", usual().batches(10, 0.01, 0.03, MEASURED)));
  }

  private static SimulatedPairs two(SimulatedPairs pairs) {
    return pairs.batches(1, 0.01, 0.01, ONE_PERCENT);
  }

  private static SimulatedPairs lastFive(SimulatedPairs pairs) {
    return pairs.batches(5, 0.01, 0.01, MEASURED);
  }

  private static List<Result> results;

  @BeforeAll
  static void simulate() {
    results =
        rows().parallelStream().map(row -> new Result(row, row.pairs().shares(PAIRS))).toList();
  }

  @Test
  void verdictsAreRightAsOftenAsPromised() {
    assertThat(results).isNotEmpty().allMatch(Result::isAsWanted);
  }

  @Test
  void thePageHasTheFigures() throws IOException {
    SECTION.assertText(
        "| %,d pairs each | wanted | FAIL | PASS | INCONCLUSIVE |\n".formatted(PAIRS)
            + "|---|---|---|---|---|\n"
            + results.stream().map(result -> result + "\n").collect(Collectors.joining()));
  }

  @Test
  void isRightInEachOf200PairsOfEqualAndOf15PercentSlowerServices() {
    assertThat(two(usual()).shares(200)).doesNotContainKey(FAIL);
    assertThat(two(usual()).worse(0.15, POINTS).shares(200)).containsOnlyKeys(FAIL);
  }
}
