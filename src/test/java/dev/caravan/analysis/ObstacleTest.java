package dev.caravan.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What keeps a comparison open, and how many repeats would close it. */
class ObstacleTest {

  private static final MetricRule TTFT = new MetricRule("ttft", false, 0.05, Noise.NONE);
  private static final MetricRule ITL = new MetricRule("itl", false, 0.05, Noise.NONE);

  /** Repeats with a CV of 4 %. */
  private static final double[] CALM = {10, 10.5, 9.6};

  /** Repeats with a CV of 22 %. */
  private static final double[] WILD = {40, 50, 62};

  private static Measured measured(
      MetricRule metric, String point, double[] base, double... candidate) {
    return new Measured(metric, point, List.of(base), List.of(candidate));
  }

  private static double[] times(double factor, double... values) {
    return Arrays.stream(values).map(value -> factor * value).toArray();
  }

  private static Difference obstacle(Measured... measured) {
    Comparison comparison = Comparison.of(List.of(measured), List.of());
    assertThat(comparison.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    return comparison.obstacle().orElseThrow();
  }

  @Test
  void isTheSuspiciousChangeThatTheFewestRepeatsDecide() {
    // given: both may well be worse, the wild one by more
    Measured wild = measured(TTFT, "p", WILD, times(1.5, WILD));
    Measured calm = measured(ITL, "p", CALM, times(1.1, CALM));

    // when, then
    assertThat(obstacle(wild).metric()).isEqualTo(TTFT);
    assertThat(obstacle(wild, calm).metric()).isEqualTo(ITL);
    assertThat(obstacle(calm, wild).metric()).isEqualTo(ITL);
  }

  @Test
  void isTheLeastLikelyNoiseAmongChangesThatNeedNoMoreRepeats() {
    // given
    double[] steady = {10, 10.2, 9.8};

    // when
    Difference open =
        obstacle(
            measured(TTFT, "p", steady, times(1.052, steady)),
            measured(ITL, "p", steady, times(1.055, steady)));

    // then
    assertThat(open.metric()).isEqualTo(ITL);
  }

  @Test
  void isAChangeOverAllPointsBeforeThatOfOne() {
    // given: the points drift together, so that none tells more than all of them
    Measured[] points = {
      measured(ITL, "p1", CALM, times(1.1, CALM)), measured(ITL, "p2", CALM, times(1.1, CALM))
    };

    // when, then
    assertThat(obstacle(points).isOverall()).isTrue();
  }

  @Test
  void isTheMetricThatTakesMostRepeatsWhereNoChangeIsSuspicious() {
    // given: a pass needs room for neither, and the wider interval is that of the calmer metric
    Measured calm = measured(TTFT, "p", CALM, times(1.04, CALM));
    double[] wild = {9.4, 10, 10.7};
    Measured wilder = measured(ITL, "p", wild, times(0.96, wild));
    assertThat(obstacle(calm).room()).isGreaterThan(obstacle(wilder).room());

    // when, then
    assertThat(obstacle(calm, wilder).metric()).isEqualTo(ITL);
  }

  @Test
  void tellsHowManyRepeatsItWouldTake() {
    // given: a CV of 10 %
    double[] noisy = {90, 100, 110, 90, 100, 110};

    // when, then: 15.7 s² / ln(1.05)²
    assertThat(obstacle(measured(TTFT, "p", noisy, noisy)).repeatsNeeded())
        .isEqualTo(new RepeatsNeeded.About(54));
  }

  @Test
  void tellsARestlessServiceFromNoiseBetweenBatches() {
    // given
    double[] restless = {1, 30, 1_000};
    MetricRule assumed = new MetricRule("m", false, 0.05, Noise.assumed(0.01));
    MetricRule noisy = new MetricRule("m", false, 0.05, Noise.assumed(0.02));

    // when, then
    assertThat(obstacle(measured(assumed, "p", restless, restless)).repeatsNeeded())
        .as("the repeats differ")
        .isEqualTo(new RepeatsNeeded.MoreThan(1_000));
    assertThat(obstacle(measured(noisy, "p", CALM, CALM)).repeatsNeeded())
        .as("the batches differ")
        .isEqualTo(new RepeatsNeeded.Hidden());
    assertThat(obstacle(measured(noisy, "p", restless, restless)).repeatsNeeded())
        .as("both do, and without repeats the batches still would")
        .isEqualTo(new RepeatsNeeded.Hidden());
  }
}
