package dev.caravan.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

class LoadSearchTest {

  /** From 1 to 512 in steps of half of 5 %. */
  private static final int[] LOADS =
      IntStream.iterate(
              1,
              n -> n <= 512,
              n -> n == 512 ? 513 : Math.min(512, Math.max(n + 1, (int) (n * 1.025))))
          .toArray();

  private static final LoadSearch SEARCH =
      new LoadSearch(Arrays.stream(LOADS).asDoubleStream().toArray());

  /** Coefficient of variation of a p99. */
  private static final double CV = 0.15;

  private static final double BOUND = 500;

  /** A search that is over. */
  private record Ended(LoadSearch.Found found, List<Integer> asked) {

    int kept() {
      return load(found.kept());
    }
  }

  private static int load(OptionalInt position) {
    return position.isPresent() ? LOADS[position.getAsInt()] : 0;
  }

  private static Ended run(IntToDoubleFunction value) {
    LoadMeasurements seen = new LoadMeasurements();
    List<Integer> asked = new ArrayList<>();
    while (SEARCH.next(seen, asked.size()) instanceof LoadSearch.Ask ask) {
      seen.add(ask.load(), Math.log(value.applyAsDouble(LOADS[ask.load()]) / BOUND));
      asked.add(LOADS[ask.load()]);
    }
    return new Ended((LoadSearch.Found) SEARCH.next(seen, asked.size()), asked);
  }

  /** A queue: 50 ms alone, ten times as much at 90 % of what the service can do at all. */
  private static IntToDoubleFunction queue(double limit) {
    return load -> load < limit / 0.9 ? 50 / (1 - 0.9 * load / limit) : 1e6;
  }

  /** A service whose p99 grows with this power of the load. */
  private static IntToDoubleFunction power(double limit, double exponent) {
    return load -> BOUND * Math.max(0.2, Math.pow(load / limit, exponent));
  }

  private static IntToDoubleFunction noisy(IntToDoubleFunction service, Random random) {
    return load -> service.applyAsDouble(load) * Math.exp(CV * random.nextGaussian());
  }

  private static double limit(Random random) {
    return Math.exp(Math.log(8) + random.nextDouble() * Math.log(50));
  }

  /** Whether the answer is as near as this to the highest whole load that keeps the bound. */
  private static boolean isWithin(double share, int found, double limit) {
    int truth = (int) limit;
    return Math.abs(found - truth) <= Math.max(1, share * truth);
  }

  @Test
  void findsTheLimitOfAQueueWithinFivePercentIn200Of200() {
    // given
    Random random = new Random(1);
    List<Integer> runs = new ArrayList<>();
    int found = 0;
    // when
    for (int trial = 0; trial < 200; trial++) {
      double limit = limit(random);
      Ended ended = run(noisy(queue(limit), random));
      found += isWithin(0.05, ended.kept(), limit) ? 1 : 0;
      runs.add(ended.asked().size());
    }
    // then
    assertThat(found).isEqualTo(200);
    runs.sort(null);
    assertThat(runs.get(100)).as("median number of runs").isLessThanOrEqualTo(22);
    assertThat(runs.get(199)).isLessThanOrEqualTo(SEARCH.most());
  }

  @Test
  void isExactWithoutNoise() {
    for (int limit = 1; limit < 512; limit++) {
      // when
      Ended ended = run(power(limit + 0.5, 3));
      // then
      int next = LOADS[ended.found().missed().orElseThrow()];
      assertThat(limit).isBetween(ended.kept(), next - 1);
      assertThat(next - ended.kept()).isLessThanOrEqualTo((int) Math.max(1, 0.025 * next));
    }
  }

  @Test
  void endsAtOnceWhenAllHold() {
    // when
    Ended ended = run(load -> 100);
    // then
    assertThat(ended.found().why()).isEqualTo(LoadSearch.Why.ALL_HOLD);
    assertThat(ended.kept()).isEqualTo(512);
    assertThat(ended.found().missed()).isEmpty();
    assertThat(ended.asked().get(0)).isEqualTo(1);
    assertThat(ended.asked()).endsWith(512, 512).hasSizeLessThan(13);
  }

  @Test
  void endsAtOnceWhenNoneHolds() {
    // when
    Ended ended = run(load -> 2_000);
    // then
    assertThat(ended.found().why()).isEqualTo(LoadSearch.Why.NONE_HOLDS);
    assertThat(ended.found().kept()).isEmpty();
    assertThat(load(ended.found().missed())).isEqualTo(1);
    assertThat(ended.asked()).containsExactly(1, 1);
  }

  @Test
  void saysWhenALoadMissesAndAHigherOneKeeps() {
    // given
    LoadMeasurements seen = new LoadMeasurements();
    for (int run = 0; run < 2; run++) {
      seen.add(1, -0.5);
      seen.add(3, 0.5);
      seen.add(7, -0.5);
      seen.add(9, 0.5);
    }
    // when
    LoadSearch.Step step = SEARCH.next(seen, 8);
    // then
    assertThat(step)
        .isEqualTo(
            new LoadSearch.Found(
                OptionalInt.of(1), OptionalInt.of(3), LoadSearch.Why.NOT_MONOTONE));
  }

  @Test
  void takesBackAMissThatWasBadLuck() {
    // given
    List<Integer> asked = new ArrayList<>();
    IntToDoubleFunction once =
        load -> {
          asked.add(load);
          boolean isBadLuck = load == 16 && asked.stream().filter(n -> n == 16).count() == 1;
          return isBadLuck ? 9_000 : power(100, 8).applyAsDouble(load);
        };
    // when
    Ended ended = run(once);
    // then
    assertThat(ended.found().why()).isEqualTo(LoadSearch.Why.PRECISION);
    assertThat(ended.kept()).isBetween(97, 100);
  }

  @Test
  void endsAtItsLimitOfRuns() {
    // given
    LoadMeasurements seen = new LoadMeasurements();
    seen.add(0, -0.5);
    // when
    LoadSearch.Step step = SEARCH.next(seen, SEARCH.most());
    // then
    assertThat(step)
        .isEqualTo(
            new LoadSearch.Found(OptionalInt.of(0), OptionalInt.empty(), LoadSearch.Why.LIMIT));
  }

  /** The table of docs/evidence/search.md. */
  @Test
  @EnabledIfSystemProperty(named = "caravan.search.table", matches = "true")
  void printsTheTable() {
    for (double exponent : new double[] {1, 2, 3, 4, 6, 10}) {
      Random random = new Random(1);
      List<Integer> runs = new ArrayList<>();
      int five = 0;
      int ten = 0;
      for (int trial = 0; trial < 2_000; trial++) {
        double limit = limit(random);
        Ended ended = run(noisy(power(limit, exponent), random));
        five += isWithin(0.05, ended.kept(), limit) ? 1 : 0;
        ten += isWithin(0.1, ended.kept(), limit) ? 1 : 0;
        runs.add(ended.asked().size());
      }
      runs.sort(null);
      System.out.printf(
          "power %s: within 5 %% %.1f %%, within 10 %% %.1f %%, runs median %d, most %d%n",
          exponent, five / 20.0, ten / 20.0, runs.get(1_000), runs.get(1_999));
    }
  }
}
