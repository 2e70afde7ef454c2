package dev.caravan.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class BatchMeanTest {

  private static final double NONE = Double.NaN;

  private static BatchMean of(double[]... points) {
    return BatchMean.of(List.of(points)).orElseThrow();
  }

  private static double[] values(double... values) {
    return values;
  }

  @Test
  void knowsThatThePointsOfARoundDriftTogether() {
    // given: both points are slow in the first round and fast in the last
    BatchMean mean = of(values(8, 10, 12.5), values(80, 100, 125));

    // then: the mean is exact, and its interval that of the logarithms of three rounds, not of six
    assertThat(mean.mean()).isCloseTo(Math.sqrt(10 * 100), within(1e-9));
    double half = 4.302653 * Math.log(1.25) / Math.sqrt(3);
    assertThat(mean.low().orElseThrow()).isCloseTo(mean.mean() * Math.exp(-half), within(1e-4));
    assertThat(mean.high().orElseThrow()).isCloseTo(mean.mean() * Math.exp(half), within(1e-4));
  }

  @Test
  void knowsThatOppositeChangesCancelOut() {
    // given
    BatchMean mean = of(values(8, 10, 12.5), values(125, 100, 80));

    // then
    assertThat(mean.low().orElseThrow()).isCloseTo(mean.mean(), within(1e-9));
    assertThat(mean.high().orElseThrow()).isCloseTo(mean.mean(), within(1e-9));
  }

  @Test
  void isTheOneOfAComparison() {
    // given
    MetricRule metric = new MetricRule("tokens", true, 0.05, Noise.NONE);
    double[] one = {90, 101, NONE, 112};
    double[] other = {9, 11, 10, 10.5};

    // when: also of a metric that is worse as it falls
    Comparison comparison =
        Comparison.of(
            List.of(
                new Measured(metric, "p1", List.of(one), List.of(one)),
                new Measured(metric, "p2", List.of(other), List.of(other))),
            List.of());

    // then: both leave out the round that lacks a point
    assertThat(of(one, other).mean())
        .isCloseTo(comparison.overall().get(0).baseMean(), within(1e-9));
  }

  @Test
  void hasNoIntervalWithoutASecondRound() {
    // given
    BatchMean single = of(values(10), values(1_000));
    BatchMean onlyOneWhole = of(values(10, 20, 40), values(1_000, NONE, NONE));

    // then
    assertThat(single.mean()).isCloseTo(100, within(1e-9));
    assertThat(single.low()).isEmpty();
    assertThat(single.high()).isEmpty();
    assertThat(onlyOneWhole).isEqualTo(single);
  }

  @Test
  void isThatOfThePointsWhereNoRoundHasAll() {
    // given
    BatchMean mean = of(values(10, NONE, 40), values(NONE, 200, NONE));

    // then
    assertThat(mean.mean()).isCloseTo(Math.sqrt(20 * 200), within(1e-9));
    assertThat(mean.low()).isEmpty();
  }

  @Test
  void isUnknownWhileAPointHasNoValue() {
    assertThat(BatchMean.of(List.of(values(10, 11), values(NONE, 0)))).isEmpty();
    assertThat(BatchMean.of(List.of(values(10, 11), values()))).isEmpty();
  }
}
