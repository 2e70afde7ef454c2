package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantileIntervalTest {

  /** {@code 1, 2, …, n} in another order. */
  private static double[] ranks(int n) {
    double[] values = new double[n];
    Arrays.setAll(values, i -> n - i);
    return values;
  }

  /** Ranks from the table of the binomial distribution. */
  @ParameterizedTest
  @CsvSource({"100, 0.5, 40, 61", "1000, 0.99, 983, 997", "36, 0.9, 29, 36", "368, 0.99, 360, 368"})
  void isTwoValuesOfTheSample(int count, double quantile, double low, double high) {
    assertThat(QuantileInterval.of(ranks(count), quantile))
        .contains(new QuantileInterval(low, high));
  }

  @ParameterizedTest
  @CsvSource({"367, 0.99", "35, 0.9", "0, 0.5"})
  void isEmptyWhenTheLargestValueMayBeBelowTheQuantile(int count, double quantile) {
    assertThat(QuantileInterval.of(ranks(count), quantile)).isEmpty();
  }

  @Test
  void holdsTheTrueP99InNineteenOfTwentySamples() {
    // given
    Random random = new Random(14);
    double trueP99 = -Math.log(0.01);
    int runs = 2_000;
    // when
    int held = 0;
    for (int run = 0; run < runs; run++) {
      double[] latencies = new double[500];
      Arrays.setAll(latencies, i -> -Math.log(1 - random.nextDouble()));
      QuantileInterval interval = QuantileInterval.of(latencies, 0.99).orElseThrow();
      held += interval.low() <= trueP99 && trueP99 <= interval.high() ? 1 : 0;
    }
    // then
    assertThat(held / (double) runs).isBetween(0.95, 0.99);
  }
}
