package dev.caravan.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PooledSpreadTest {

  @Test
  void poolsTheLoadsWithSeveralValues() {
    // when
    PooledSpread spread =
        PooledSpread.of(
            List.of(
                new double[] {7},
                new double[] {100, 100 * Math.exp(0.2)},
                new double[] {900 * Math.exp(0.4), 900, 900 * Math.exp(0.2)}));
    // then
    assertThat(spread.freedom()).isEqualTo(3);
    assertThat(spread.deviation()).isCloseTo(Math.sqrt((0.02 + 0.08) / 3), within(1e-9));
    assertThat(spread.halfWidth(4).getAsDouble())
        .isCloseTo(3.182 * spread.deviation() / 2, within(1e-3));
  }

  @Test
  void knowsNothingWithoutValuesThatDiffer() {
    assertThat(PooledSpread.of(List.of()).halfWidth(1)).isEmpty();
    assertThat(PooledSpread.of(List.of(new double[] {7}, new double[] {9})).halfWidth(1)).isEmpty();
    assertThat(PooledSpread.of(List.<double[]>of(new double[] {7, 7, 7})).halfWidth(3)).isEmpty();
    assertThat(PooledSpread.of(List.<double[]>of(new double[] {0, 7})).halfWidth(2)).isEmpty();
  }
}
