package dev.caravan.pipeline.outcome.checks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1234.5, '1,235'",
    "127.4, 127",
    "99.96, 100",
    "61.74, 61.7",
    "3.456, 3.46",
    "0.5, 0.5",
    "0.123, 0.12",
    "0.0999, 0.0999",
    "0.005, 0.005",
    "0.0012345, 0.00123",
    "-0.0012345, -0.00123",
    "1e-300, 0",
    "Infinity, ∞"
  })
  void keepsAtMostThreeDigitsAndRoundsNoneToNothing(double number, String text) {
    assertThat(Figures.number(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 %",
    "0.001, 0.001 %",
    "12.34, 12.3 %",
    "99.94, 99.9 %",
    "99.96, over 99.9 %",
    "100, 100 %",
    "120, 120 %"
  })
  void saysOfNoPartThatItIsAll(double percent, String text) {
    assertThat(Figures.percent(percent)).isEqualTo(text);
  }
}
