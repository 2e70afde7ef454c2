package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.text.Durations;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The time limits of a run. */
class LimitsTest {

  private static final String GRACE = "benchmark_grace_period";

  @ParameterizedTest
  @CsvSource({"5,95s", "600,690s", "3600,3690s"})
  void limitsMeasuringToDurationGracePeriodAndAMinute(long seconds, String limit) {
    // given
    Parameters run = new Parameters(Map.of("benchmark_duration", seconds));

    // when / then
    assertThat(Limits.DEFAULTS.measuring(run)).isEqualTo(Durations.parse(limit));
  }

  @Test
  void usesTheGracePeriodOfTheConfig() {
    // given
    String config = BASE + "  aiperf_options: {" + GRACE + ": 2.5}\n";

    // when / then
    assertThat(Limits.DEFAULTS.measuring(FixedRules.read(config).base()))
        .isEqualTo(Duration.ofMillis(5_000 + 2_500 + 60_000));
  }

  @Test
  void limitsAnInfiniteRunToADay() {
    // given
    Parameters noDuration = new Parameters(Map.of());
    Parameters infinite = run(5, Double.POSITIVE_INFINITY);
    Parameters infiniteText = run(5, "inf");

    // when / then
    for (Parameters run : new Parameters[] {noDuration, infinite, infiniteText}) {
      assertThat(Limits.DEFAULTS.measuring(run)).isEqualTo(Duration.ofHours(24));
      assertThat(Limits.DEFAULTS.total(run))
          .isEqualTo(Duration.ofHours(24).plus(Duration.ofMinutes(5 + 30 + 10)));
    }
  }

  @Test
  void addsUpThePhases() {
    // given
    String limits = "limits: {start_up: 1s, warm_up: 2s, measuring: 4s, export: 8s}\n";
    BenchmarkConfig config = FixedRules.read(BASE + limits);

    // when / then
    assertThat(config.limits().measuring(config.base())).isEqualTo(Duration.ofSeconds(4));
    assertThat(config.limits().total(config.base())).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void prefersTheRunTimeout() {
    // given
    BenchmarkConfig config = FixedRules.read(BASE + "limits: {run_timeout: 3s, warm_up: 1h}\n");

    // when / then
    assertThat(config.limits().total(config.base())).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void staysWithinALongOfNanoseconds() {
    // given
    String longest = "limits: {start_up: 8760h, warm_up: 8760h, export: 8760h}\n";
    Limits limits = FixedRules.read(BASE + longest).limits();

    // when
    Duration total = limits.total(run(Long.MAX_VALUE, 1e300));

    // then
    assertThat(total.toNanos()).isPositive();
    assertThat(total).isGreaterThan(Duration.ofDays(36_500));
  }

  private static Parameters run(long seconds, Object grace) {
    return new Parameters(
        Map.of("benchmark_duration", seconds, Parameters.OPTIONS, Map.of(GRACE, grace)));
  }
}
