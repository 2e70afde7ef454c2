package dev.caravan.pipeline.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How long targets that are not ready stay parked. */
class BackoffTest {

  @Test
  void growsByHalfUpToThirtySeconds() {
    // given
    Backoff backoff = new Backoff(() -> 0.5);
    // then
    assertThat(millis(backoff, Duration.ofSeconds(5), 8))
        .containsExactly(5000L, 7500L, 11250L, 16875L, 25313L, 30000L, 30000L, 30000L);
  }

  @Test
  void keepsAFirstPauseAboveTheCap() {
    assertThat(millis(new Backoff(() -> 0.5), Duration.ofMinutes(2), 3))
        .containsExactly(120_000L, 120_000L, 120_000L);
  }

  @Test
  void addsTenPercentJitter() {
    assertThat(millis(new Backoff(() -> 0), Duration.ofSeconds(10), 1)).containsExactly(9000L);
    assertThat(millis(new Backoff(() -> 0.9999999), Duration.ofSeconds(10), 1))
        .containsExactly(11000L);
  }

  @Test
  void staysAtTheCapAfterAnyNumberOfPauses() {
    assertThat(new Backoff(() -> 0.5).pause(Duration.ofSeconds(5), Integer.MAX_VALUE))
        .isEqualTo(Duration.ofSeconds(30));
  }

  private static List<Long> millis(Backoff backoff, Duration first, int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> Math.round(backoff.pause(first, n).toNanos() / 1e6))
        .toList();
  }
}
