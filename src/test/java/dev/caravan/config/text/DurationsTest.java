package dev.caravan.config.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({"250ms,250", "30s,30000", "5m,300000", "1h,3600000", "0s,0", "' 7s ',7000"})
  void parsesAWholeNumberWithAUnit(String text, long millis) {
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "30",
        "s",
        "-5s",
        "1.5s",
        "5 m",
        "30S",
        "1h30m",
        "5d",
        "9999999999999h",
        "PT5S"
      })
  void refusesAnythingElse(String text) {
    assertThatThrownBy(() -> Durations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "\""
                + text
                + "\" is not a duration: write a whole number and a unit (ms, s, m or h),"
                + " such as 250ms, 30s, 5m or 1h");
  }

  @Test
  void parsesTheLargestNumber() {
    assertThat(Durations.parse("999999999999h")).isEqualTo(Duration.ofHours(999_999_999_999L));
  }

  @ParameterizedTest
  @CsvSource({"0,0s", "250,250ms", "1500,1500ms", "90000,90s", "120000,2m", "7200000,2h"})
  void formatsWithTheLargestExactUnit(long millis, String text) {
    assertThat(Durations.format(Duration.ofMillis(millis))).isEqualTo(text);
    assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
  }
}
