package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.analysis.LoadMeasurements;
import dev.caravan.config.Slo;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.model.plan.RunEnding;
import dev.caravan.pipeline.outcome.checks.Level;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchEndingsTest {

  private static final Slo TTFT = new Slo("ttft_ms_p99", 500);
  private static final Slo ERRORS = new Slo("error_rate_pct", 1);
  private static final Slo PER_USER = new Slo("output_tokens_per_s_per_user", 20);
  private static final RunEnding MISSED = new RunEnding.Measured(LoadMeasurements.MOST_MARGIN);

  private static ResultRow row(
      Outcome outcome, String cause, List<FoundCheck> checks, Map<String, Double> values) {
    return new ResultRow(
        0,
        "concurrency4",
        Place.UNKNOWN,
        List.of(4L),
        outcome,
        cause,
        "",
        1,
        checks,
        new Metrics<>(
            Metric.class,
            metric ->
                values.containsKey(metric.column())
                    ? OptionalDouble.of(values.get(metric.column()))
                    : OptionalDouble.empty()),
        "",
        "2026-11-28T12:00:00Z");
  }

  private static ResultRow measured(Map<String, Double> values) {
    return row(Outcome.SUCCEEDED, "", List.of(), values);
  }

  private static FoundCheck check(String id, Level level, String message) {
    return new FoundCheck(id, level, message, "");
  }

  private static RunEnding of(ResultRow row, Slo... bounds) {
    return new SearchEndings(Arrays.asList(bounds)).of(row);
  }

  @Test
  void takesTheBoundThatIsMissedMost() {
    // given
    ResultRow row = measured(Map.of("ttft_ms_p99", 400.0, "output_tokens_per_s_per_user", 16.0));
    // when
    RunEnding ending = of(row, TTFT, PER_USER);
    // then
    assertThat(ending).isEqualTo(new RunEnding.Measured(Math.log(20.0 / 16.0)));
  }

  @ParameterizedTest
  @CsvSource({"600, measured", "500.01, measured", "500, unanswered", "400, unanswered"})
  void missesABoundWhateverElseWasNotMeasured(double ttft, String expected) {
    // given
    ResultRow row = measured(Map.of("ttft_ms_p99", ttft));
    // then
    assertThat(word(of(row, TTFT, PER_USER))).isEqualTo(expected);
    assertThat(word(of(row, PER_USER, TTFT))).isEqualTo(expected);
    assertThat(SloResult.of(List.of(TTFT, PER_USER), row).state())
        .isEqualTo(expected.equals("measured") ? SloResult.State.MISSED : SloResult.State.UNKNOWN);
  }

  @Test
  void boundsWhatIsFarFromTheBound() {
    double most = LoadMeasurements.MOST_MARGIN;
    assertThat(of(measured(Map.of("ttft_ms_p99", 9e9)), TTFT)).isEqualTo(MISSED);
    assertThat(of(measured(Map.of("error_rate_pct", 0.0)), ERRORS))
        .isEqualTo(new RunEnding.Measured(-most));
    assertThat(of(measured(Map.of("error_rate_pct", 0.0)), new Slo("error_rate_pct", 0)))
        .isEqualTo(new RunEnding.Measured(-most));
    assertThat(of(measured(Map.of("error_rate_pct", 0.1)), new Slo("error_rate_pct", 0)))
        .isEqualTo(MISSED);
    assertThat(of(measured(Map.of("ttft_ms_p99", 500.0)), TTFT))
        .isEqualTo(new RunEnding.Measured(0));
  }

  @ParameterizedTest
  @CsvSource({
    "DEGRADED, errors, DEGRADED, x, missed",
    "INVALID, errors, INVALID, x, missed",
    "DEGRADED, unanswered, DEGRADED, x, missed",
    "DEGRADED, load, DEGRADED, x, missed",
    "DEGRADED, stall, DEGRADED, the service sent no reply for 3 s, missed",
    "DEGRADED, stall, DEGRADED, aiperf itself stalled for 2 s, disturbed",
    "INVALID, stall, INVALID, aiperf itself stalled for 9 s, disturbed",
    "DEGRADED, client, DEGRADED, x, disturbed",
    "INVALID, clock, INVALID, x, disturbed",
    "INVALID, service, INVALID, x, disturbed",
    "INVALID, replies, INVALID, x, unanswered",
    "DEGRADED, lengths, DEGRADED, x, measured",
    "SUCCEEDED, client, NOTE, x, measured",
    "SUCCEEDED, cache, WARNING, x, measured"
  })
  void judgesByWhatTheChecksFound(
      Outcome outcome, String id, Level level, String message, String expected) {
    // given
    ResultRow row =
        row(outcome, "", List.of(check(id, level, message)), Map.of("ttft_ms_p99", 400.0));
    // when
    RunEnding ending = of(row, TTFT);
    // then
    assertThat(word(ending)).isEqualTo(expected);
  }

  private static String word(RunEnding ending) {
    if (ending instanceof RunEnding.Measured) {
      return ending.equals(MISSED) ? "missed" : "measured";
    }
    return ending.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  @Test
  void blamesTheClientBeforeWhatItMakesLookBad() {
    // given
    List<FoundCheck> both =
        List.of(check("load", Level.INVALID, "x"), check("client", Level.DEGRADED, "x"));
    // then
    assertThat(word(of(row(Outcome.INVALID, "", both, Map.of()), TTFT))).isEqualTo("disturbed");
  }

  @Test
  void leavesItToABoundOnErrorsHowManyAreTooMany() {
    // given
    ResultRow row =
        row(
            Outcome.DEGRADED,
            "",
            List.of(check("errors", Level.DEGRADED, "x")),
            Map.of("ttft_ms_p99", 400.0, "error_rate_pct", 0.5));
    // then
    assertThat(word(of(row, TTFT, ERRORS))).isEqualTo("measured");
    assertThat(word(of(row, TTFT))).isEqualTo("missed");
  }

  @Test
  void takesMostRequestsFailingForAMissWhateverTheBounds() {
    // given
    ResultRow row =
        row(
            Outcome.INVALID,
            "",
            List.of(check("errors", Level.INVALID, "x")),
            Map.of("ttft_ms_p99", 400.0, "error_rate_pct", 60.0));
    // then
    assertThat(word(of(row, TTFT, ERRORS))).isEqualTo("missed");
    assertThat(word(of(row, TTFT))).isEqualTo("missed");
  }

  @ParameterizedTest
  @CsvSource({
    "FAILED, all_requests_failed, missed",
    "TIMED_OUT, '', missed",
    "FAILED, crashed, disturbed",
    "FAILED, start_failed, unanswered",
    "FAILED, lost, unanswered",
    "FAILED, internal_error, unanswered",
    "FAILED, target_lost, unanswered",
    "FAILED, incomplete_export, unanswered",
    "FAILED, hook_failed, unanswered",
    "UNHEALTHY, '', unanswered",
    "CANCELLED, '', cancelled",
    "SUCCEEDED, '', unanswered"
  })
  void judgesRunsWithoutNumbers(Outcome outcome, String cause, String expected) {
    assertThat(word(of(row(outcome, cause, List.of(), Map.of()), TTFT))).isEqualTo(expected);
  }
}
