package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Limits;
import dev.caravan.config.Parameters;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class TimeLimitsTest {

  private static final Parameters RUN = new Parameters(Map.of("benchmark_duration", 60L));

  @Test
  void givesEachPhaseItsOwnLimit() {
    // when
    TimeLimits limits = TimeLimits.of(Limits.DEFAULTS, RUN, Optional.empty());
    // then
    assertThat(limits.phases())
        .containsEntry(RunPhase.START_UP, Duration.ofMinutes(5))
        .containsEntry(RunPhase.WARM_UP, Duration.ofMinutes(30))
        .containsEntry(RunPhase.MEASURING, Duration.ofSeconds(60 + 30 + 60))
        .containsEntry(RunPhase.EXPORT, Duration.ofMinutes(10));
    assertThat(limits.noProgress()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void limitsTheWholeRunByTheSumOfItsPhases() {
    // when
    TimeLimits.Overall overall = TimeLimits.of(Limits.DEFAULTS, RUN, Optional.empty()).overall();
    // then
    assertThat(overall.limit()).isEqualTo(Duration.ofSeconds(45 * 60 + 150));
    assertThat(overall.message()).isEqualTo("its limit of 2850s (the sum of its phases' limits)");
  }

  @Test
  void limitsTheWholeRunByRunTimeout() {
    // when
    TimeLimits.Overall overall =
        TimeLimits.of(timeout(Duration.ofMinutes(20)), RUN, Optional.empty()).overall();
    // then
    assertThat(overall)
        .isEqualTo(new TimeLimits.Overall(Duration.ofMinutes(20), "its run_timeout of 20m"));
  }

  @Test
  void appliesTheSumWhenRunTimeoutIsLonger() {
    // when
    TimeLimits limits = TimeLimits.of(timeout(Duration.ofHours(9)), RUN, Optional.empty());
    // then
    assertThat(limits.overall().limit()).isEqualTo(Duration.ofSeconds(2850));
  }

  @Test
  void limitsEveryRunByTheAllowance() {
    // when
    TimeLimits.Overall overall =
        TimeLimits.of(Limits.DEFAULTS, RUN, Optional.of(Duration.ofSeconds(3))).overall();
    // then
    assertThat(overall.limit()).isEqualTo(Duration.ofSeconds(63));
    assertThat(overall.message())
        .isEqualTo("its limit of 63s (benchmark_duration and caravan.run.allowance)");
  }

  private static Limits timeout(Duration limit) {
    Limits all = Limits.DEFAULTS;
    return new Limits(
        all.startUp(),
        all.warmUp(),
        all.measuring(),
        all.export(),
        Optional.of(limit),
        all.noProgress(),
        OptionalInt.empty(),
        2);
  }
}
