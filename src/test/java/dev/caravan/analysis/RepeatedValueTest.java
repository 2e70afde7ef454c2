package dev.caravan.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RepeatedValueTest {

  @Test
  void tellsMeanAndIntervalInTheUnitOfTheMetric() {
    // when
    RepeatedValue value = RepeatedValue.of(98, 100, Double.NaN, 102);

    // then
    assertThat(value.count()).isEqualTo(3);
    assertThat(value.mean()).isEqualTo(100);
    assertThat(value.low()).isCloseTo(100 - 4.303 * 2 / Math.sqrt(3), within(0.001));
    assertThat(value.high()).isCloseTo(100 + 4.303 * 2 / Math.sqrt(3), within(0.001));
    assertThat(value.cv()).isCloseTo(0.02, within(1e-12));
  }

  @Test
  void takesZerosAsValues() {
    // when
    RepeatedValue errors = RepeatedValue.of(0, 0, 0);

    // then
    assertThat(errors).isEqualTo(new RepeatedValue(3, 0, 0, 0, Double.NaN));
    assertThat(errors.isNoisy("error_rate_pct")).isFalse();
  }

  @Test
  void hasNoIntervalOfASingleValue() {
    assertThat(RepeatedValue.of(7))
        .isEqualTo(new RepeatedValue(1, 7, Double.NaN, Double.NaN, Double.NaN));
    assertThat(RepeatedValue.of().mean()).isNaN();
  }

  @Test
  void allowsTailsMoreNoise() {
    // when
    RepeatedValue value = RepeatedValue.of(90, 100, 110);

    // then
    assertThat(value.isNoisy("ttft_ms_p50")).isTrue();
    assertThat(value.isNoisy("ttft_ms_p99")).isFalse();
  }
}
