package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeAxisTest {

  private final OffsetDateTime from =
      LocalDateTime.parse("2026-11-24T13:51:07").atZone(ZoneId.systemDefault()).toOffsetDateTime();

  @ParameterizedTest
  @CsvSource({
    "PT5M, 13:52 13:53 13:54 13:55",
    "PT15M, 13:54 13:57 14:00 14:03",
    "PT1H, 14:00 14:10 14:20 14:30 14:40",
    "PT12H, 16:00 18:00 20:00 22:00 00:00"
  })
  void labelsEachRoundTimeOnce(Duration window, String times) {
    assertThat(TimeAxis.ticks(from, window))
        .extracting(TimeAxis.Tick::label)
        .containsExactly(times.split(" "));
  }

  @Test
  void placesATickAtItsTime() {
    // 53 of 300 seconds
    assertThat(TimeAxis.ticks(from, Duration.ofMinutes(5)).get(0).x()).isEqualTo("17.7");
  }
}
