package dev.caravan.model.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PlanTimeTest {

  @Test
  void addsThePausesBetweenRuns() {
    assertThat(time("repeat: 3\ncool_down: 30s\n"))
        .isEqualTo(new PlanTime(3, Duration.ofSeconds(15), Duration.ofSeconds(60), 0));
    assertThat(time("cool_down: 30s\n"))
        .isEqualTo(new PlanTime(1, Duration.ofSeconds(5), Duration.ZERO, 0));
  }

  @Test
  void leavesOutExcludedRuns() {
    assertThat(time("sweeps: {concurrency: [1, 2, 4]}\nexclude: [{concurrency: 4}]\n"))
        .isEqualTo(new PlanTime(2, Duration.ofSeconds(10), Duration.ZERO, 0));
  }

  @Test
  void countsRunsWhoseTimeNobodyKnows() {
    // given
    String variants = "variants: {timed: {}, counted: {benchmark_duration: null}}\n";
    // then
    assertThat(time("per_concurrency: {request_count: 10}\nrepeat: 2\n" + variants))
        .isEqualTo(new PlanTime(4, Duration.ofSeconds(10), Duration.ZERO, 2));
  }

  @Test
  void countsTheMostRunsOfEachSearch() {
    // given
    String search = "slo: {error_rate_pct: 1}\nsearch: {concurrency: [1, 512]}\n";
    // then
    assertThat(time(search))
        .isEqualTo(new PlanTime(37, Duration.ofSeconds(37 * 5), Duration.ZERO, 0));
    assertThat(time(search + "sweeps: {benchmark_duration: [10, 20]}\n"))
        .isEqualTo(new PlanTime(74, Duration.ofSeconds(37 * 30), Duration.ZERO, 0));
  }

  @Test
  void saysHowSureTheTimeIs() {
    // given
    String search = "slo: {error_rate_pct: 1}\nsearch: {concurrency: [1, 512]}\n";
    String counted =
        "per_concurrency: {request_count: 10}\nvariants: {a: {}, b: {benchmark_duration: null}}\n";

    // then
    assertThat(estimate("repeat: 2\n", false)).isEqualTo("about 18 s");
    assertThat(estimate(counted, false)).isEqualTo("more than 13 s");
    assertThat(estimate(search, true)).isEqualTo("about 333 s if all 37 runs are needed");
    assertThat(estimate(search + counted, true)).startsWith("unknown");
  }

  private static String estimate(String sections, boolean isSearch) {
    return time(sections).estimate(isSearch, each -> each.toSeconds() + " s");
  }

  private static PlanTime time(String sections) {
    return PlanTime.of(FixedRules.read(FixedRules.BASE + sections));
  }
}
