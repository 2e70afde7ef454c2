package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a run waits for its next attempt. */
class RetryTest {

  private static final Duration BACK_OFF = Duration.ofSeconds(30);
  private static final Duration YEARS = Duration.ofDays(400_000);

  private static Retry attempts(int most) {
    return new Retry(most, Set.of("crashed"), BACK_OFF);
  }

  @ParameterizedTest
  @CsvSource({"1,30", "2,60", "3,120", "11,30720", "12,30720", "100,30720"})
  void doublesTheWaitAfterEachAttemptTenTimes(int attempt, long seconds) {
    assertThat(attempts(200).pauseAfter(attempt)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void keepsWhatIsLeftOfAWait() {
    // when
    Duration left = attempts(2).leftAfter(1, OffsetDateTime.now().plusSeconds(20));
    // then
    assertThat(left).isBetween(Duration.ofSeconds(10), Duration.ofSeconds(20));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 400_000})
  void waitsNoMoreForWhatIsDue(long days) {
    assertThat(attempts(2).leftAfter(1, OffsetDateTime.now().minusDays(days))).isZero();
  }

  @ParameterizedTest
  @CsvSource({"3,1,30", "3,2,60", "3,9,60", "1,1,30", "3,-2,30"})
  void waitsNoLongerThanTheWaitCanHaveBeen(int most, int attempt, long seconds) {
    assertThat(attempts(most).leftAfter(attempt, OffsetDateTime.now().plus(YEARS)))
        .isEqualTo(Duration.ofSeconds(seconds));
  }
}
