package dev.caravan.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HolmTest {

  @Test
  void multipliesEachByTheNumberOfTestsThatAreNotSmaller() {
    // As R's p.adjust(c(0.04, 0.01, 0.03, 0.005), "holm")
    assertThat(Holm.adjusted(new double[] {0.04, 0.01, 0.03, 0.005}))
        .containsExactly(new double[] {0.06, 0.03, 0.06, 0.02}, within(1e-12));
  }

  @Test
  void neverExceedsOne() {
    assertThat(Holm.adjusted(new double[] {0.9, 0.6})).containsExactly(1, 1);
    assertThat(Holm.adjusted(new double[0])).isEmpty();
  }
}
