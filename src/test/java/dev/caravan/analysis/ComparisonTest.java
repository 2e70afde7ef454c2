package dev.caravan.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final MetricRule TOKENS = new MetricRule("tokens", true, 0.05, Noise.NONE);
  private static final MetricRule TTFT = new MetricRule("ttft", false, 0.05, Noise.NONE);

  private static Measured measured(
      MetricRule metric, String point, double[] base, double... candidate) {
    return new Measured(metric, point, List.of(base), List.of(candidate));
  }

  private static double[] values(double... values) {
    return values;
  }

  private static double[] times(double factor, double... values) {
    return Arrays.stream(values).map(value -> factor * value).toArray();
  }

  @Test
  void agreesWithWelchsTest() {
    // given
    MetricRule logs = new MetricRule("m", false, 0.05, Noise.NONE);
    double[] base = times(1, Math.exp(1), Math.exp(2), Math.exp(3), Math.exp(4));
    double[] candidate = times(1, Math.exp(3), Math.exp(5), Math.exp(7), Math.exp(9), Math.exp(6));

    // when
    Difference difference =
        Comparison.of(List.of(measured(logs, "p", base, candidate)), List.of()).points().get(0);

    // then: R's t.test(c(3,5,7,9,6), 1:4, alternative = "greater") has t = 2.9406, df = 6.5188
    assertThat(difference.test().mean() / difference.test().error())
        .isCloseTo(2.9406, within(1e-4));
    assertThat(difference.test().freedom()).isCloseTo(6.5188, within(1e-4));
    assertThat(difference.probability()).isCloseTo(0.01178, within(1e-4));
  }

  @Test
  void failsWhenOnePointOfManyIsWorse() {
    // given
    List<Measured> points =
        IntStream.range(0, 5)
            .mapToObj(
                point ->
                    measured(
                        TOKENS,
                        "p" + point,
                        values(100, 101, 99, 100, 102),
                        times(point == 3 ? 0.9 : 1, 101, 100, 99, 102, 100)))
            .toList();

    // when
    Comparison comparison = Comparison.of(points, List.of());

    // then
    assertThat(comparison.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(comparison.worst())
        .hasValueSatisfying(
            worst -> {
              assertThat(worst.point()).contains("p3");
              assertThat(worst.change()).isCloseTo(-0.1, within(0.001));
              assertThat(worst.baseMean()).isCloseTo(100.395, within(0.001));
            });
  }

  @Test
  void namesTheChangeOverAllPointsBeforeThatOfOne() {
    // given
    List<Measured> points =
        IntStream.range(0, 3)
            .mapToObj(
                p -> measured(TTFT, "p" + p, values(10, 10.1, 9.9), times(1.2, 10, 9.9, 10.1)))
            .toList();

    // when
    Comparison comparison = Comparison.of(points, List.of());

    // then
    assertThat(comparison.worst()).hasValueSatisfying(worst -> assertThat(worst.point()).isEmpty());
  }

  @Test
  void neverFailsWhatIsBetter() {
    assertThat(
            Comparison.of(
                    List.of(measured(TTFT, "p", values(10, 10.1, 9.9), 5, 5.1, 4.9)), List.of())
                .verdict())
        .isEqualTo(Verdict.PASS);
  }

  @Test
  void saysNothingOfSingleRuns() {
    // when
    Comparison comparison =
        Comparison.of(List.of(measured(TOKENS, "p", values(100), 50)), List.of());

    // then
    assertThat(comparison.verdict()).isEqualTo(Verdict.NONE);
    assertThat(comparison.points().get(0).change()).isCloseTo(-0.5, within(1e-12));
    assertThat(comparison.points().get(0).lowestChange()).isNaN();
  }

  @Test
  void doesNotPassWhileAPointLacksRepeats() {
    // given
    List<Measured> points =
        List.of(
            measured(TOKENS, "p1", values(100, 101, 99), 100, 101, 99),
            measured(TOKENS, "p2", values(100, 101, 99), 100));

    // when
    Comparison comparison = Comparison.of(points, List.of());

    // then
    assertThat(comparison.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(comparison.obstacle())
        .hasValueSatisfying(obstacle -> assertThat(obstacle.point()).contains("p2"));
  }

  @Test
  void doesNotPassWithAGapButStillFails() {
    // given
    List<Measured> alike = List.of(measured(TOKENS, "p1", values(100, 101, 99), 100, 101, 99));
    List<Measured> worse = List.of(measured(TOKENS, "p1", values(100, 101, 99), 50, 51, 49));
    List<String> gaps = List.of("run that counts at p2");

    // then
    assertThat(Comparison.of(alike, List.of()).verdict()).isEqualTo(Verdict.PASS);
    assertThat(Comparison.of(alike, gaps).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(Comparison.of(worse, gaps).verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void leavesOutRoundsThatLackAPoint() {
    // given
    double nan = Double.NaN;
    List<Measured> points =
        List.of(
            measured(TOKENS, "p1", values(100, 101, 99), 100, 101, 99),
            measured(TOKENS, "p2", values(10, nan, 10.1), 10.1, 9.9, 10));

    // when
    Comparison comparison = Comparison.of(points, List.of());

    // then
    assertThat(comparison.overall().get(0).base().size()).isEqualTo(2);
    assertThat(comparison.overall().get(0).candidate().size()).isEqualTo(3);
  }

  @Test
  void measuresNoiseBetweenBatchesBeyondTheirRepeats() {
    // given: means of 98, 99, 100, 101 and 102, and repeats that differ by 0.1
    List<double[]> batches =
        IntStream.rangeClosed(98, 102)
            .mapToObj(mean -> values(mean - 0.1, mean, mean + 0.1))
            .toList();
    Measured values = new Measured(TTFT, "p", batches, List.of());

    // when
    Noise noise = Noise.measured(List.of(values)).orElseThrow();

    // then
    assertThat(noise.deviation()).isCloseTo(0.0158, within(1e-4));
    assertThat(noise.batches()).isEqualTo(5);
    assertThat(Noise.measured(List.of(new Measured(TTFT, "p", batches.subList(0, 4), List.of()))))
        .isEmpty();
  }
}
