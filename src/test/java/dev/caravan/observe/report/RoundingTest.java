package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundingTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "7, 7",
    "1234567.8, '1,234,568'",
    "431.4, 431",
    "43.14, 43.1",
    "4.314, 4.31",
    "0.4314, 0.431",
    "0.04314, 0.0431",
    "0.00167, 0.00167",
    "-0.00167, -0.00167",
    "1e-12, 0.000000000001",
    "1e-300, 0.000000000000"
  })
  void keepsThreeSignificantDigits(double value, String text) {
    assertThat(Rounding.of(value)).isEqualTo(text);
  }
}
