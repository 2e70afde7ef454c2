package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.Slo;
import dev.caravan.model.Outcome;
import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.outcome.SloResult.State;
import dev.caravan.pipeline.outcome.SloSummary.Highest;
import dev.caravan.pipeline.outcome.SloSummary.Judged;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which runs keep the bounds of a config, and up to which load. */
class SloSummaryTest {

  private static final List<Slo> BOUNDS =
      List.of(new Slo("ttft_ms_p99", 500), new Slo("output_tokens_per_s", 20));

  @ParameterizedTest
  @CsvSource({
    "500, 20, KEPT",
    "501, 20, MISSED",
    "500, 19.9, MISSED",
    "501, , MISSED",
    "400, , UNKNOWN"
  })
  void aMetricThatIsAbsentIsNeverKept(Double latency, Double throughput, State expected) {
    // when
    SloResult result =
        SloResult.of(
            BOUNDS,
            metric -> {
              Double value = metric.equals("ttft_ms_p99") ? latency : throughput;
              return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
            });

    // then
    assertThat(result.state()).isEqualTo(expected);
    assertThat(result.missed().isEmpty()).isEqualTo(expected != State.MISSED);
  }

  @Test
  void nothingIsKnownOfARunThatFailed() {
    assertThat(SloResult.of(BOUNDS, Rows.withoutMetrics(0, Outcome.TIMED_OUT, "", "why")).state())
        .isEqualTo(State.UNKNOWN);
  }

  @Test
  void takesTheMaximumOverTheRunsOfEachCombination() {
    // when
    SloSummary summary =
        SloSummary.of(
            List.of("isl", "concurrency"),
            List.of(
                run(Outcome.SUCCEEDED, State.KEPT, 100L, 4L),
                run(Outcome.SUCCEEDED, State.MISSED, 100L, 8L),
                run(Outcome.SUCCEEDED, State.KEPT, 100L, 16L),
                run(Outcome.SUCCEEDED, State.MISSED, 100L, 16L),
                run(Outcome.DEGRADED, State.KEPT, 100L, 32L),
                run(Outcome.SUCCEEDED, State.UNKNOWN, 900L, 4L),
                run(Outcome.FAILED, State.UNKNOWN, 900L, 8L)));

    // then
    assertThat(summary.kept()).isEqualTo(3);
    assertThat(summary.missed()).isEqualTo(2);
    assertThat(summary.unknown()).isEqualTo(2);
    assertThat(summary.highest())
        .containsExactly(
            new Highest(
                "", Map.of("isl", 100L), "concurrency", Optional.of(16.0), 1, 2, List.of(8.0)),
            new Highest("", Map.of("isl", 900L), "concurrency", Optional.empty(), 0, 0, List.of()));
  }

  @Test
  void namesALowerLoadWhoseDegradedRunMissesTheBounds() {
    // when
    List<Highest> highest =
        SloSummary.of(
                List.of("concurrency"),
                List.of(
                    run(Outcome.DEGRADED, State.MISSED, 1L),
                    run(Outcome.SUCCEEDED, State.KEPT, 2L)))
            .highest();

    // then
    assertThat(highest).extracting(Highest::load).containsExactly(Optional.of(2.0));
    assertThat(highest).extracting(Highest::missedBelow).containsExactly(List.of(1.0));
  }

  @Test
  void countsRepeatsThatMissTheBoundsWhateverTheirOutcome() {
    // when
    List<Highest> highest =
        SloSummary.of(
                List.of("concurrency"),
                List.of(
                    run(Outcome.DEGRADED, State.MISSED, 4L),
                    run(Outcome.SUCCEEDED, State.KEPT, 4L),
                    run(Outcome.DEGRADED, State.MISSED, 4L),
                    run(Outcome.DEGRADED, State.KEPT, 4L)))
            .highest();

    // then
    assertThat(highest)
        .containsExactly(
            new Highest("", Map.of(), "concurrency", Optional.of(4.0), 1, 3, List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "TIMED_OUT, '', '', true",
    "FAILED, all_requests_failed, '', true",
    "INVALID, errors, errors=invalid, true",
    "INVALID, unanswered, unanswered=invalid, true",
    "INVALID, load, load=invalid;client=degraded, false",
    "INVALID, clock, clock=invalid, false",
    "INVALID, replies, replies=invalid, false",
    "FAILED, crashed, '', false",
    "UNHEALTHY, '', '', false",
    "CANCELLED, '', '', false"
  })
  void aRunThatFailedByItsLoadMissesTheBoundsAndAnotherSaysNothing(
      Outcome outcome, String cause, String checks, boolean isMissed) {
    // given
    ResultRow failed = row(1, outcome, cause, checks);
    ResultRow kept = row(2, Outcome.SUCCEEDED, "", "");

    // when
    SloSummary summary =
        SloSummary.of(List.of("concurrency"), BOUNDS, List.of(failed, kept)).orElseThrow();

    // then
    assertThat(summary.unknown()).isEqualTo(1);
    assertThat(summary.highest()).extracting(Highest::load).containsExactly(Optional.of(2.0));
    assertThat(summary.highest())
        .extracting(Highest::missedBelow)
        .containsExactly(isMissed ? List.of(1.0) : List.of());
  }

  @Test
  void rateIsALoadTooAndAnUnlimitedOneTheHighest() throws IOException {
    // given
    List<Judged> runs =
        List.of(
            run(Outcome.SUCCEEDED, State.KEPT, "inf"),
            run(Outcome.SUCCEEDED, State.MISSED, 1e6),
            run(Outcome.SUCCEEDED, State.KEPT, 2.5));

    // when
    SloSummary limited = SloSummary.of(List.of("request_rate"), runs.subList(1, 3));
    SloSummary unlimited = SloSummary.of(List.of("request_rate"), runs);
    String json = Json.MAPPER.writeValueAsString(unlimited);

    // then
    assertThat(limited.highest()).extracting(Highest::load).containsExactly(Optional.of(2.5));
    assertThat(unlimited.highest())
        .containsExactly(
            new Highest(
                "",
                Map.of(),
                "request_rate",
                Optional.of(Double.POSITIVE_INFINITY),
                1,
                1,
                List.of(1e6)));
    assertThat(json).contains("\"load\":\"Infinity\"");
    assertThat(Json.MAPPER.readValue(json, SloSummary.class)).isEqualTo(unlimited);
  }

  @Test
  void aLoadThatIsNoNumberIsNone() {
    assertThat(
            SloSummary.of(
                    List.of("request_rate"),
                    List.of(
                        run(Outcome.SUCCEEDED, State.KEPT, 2.5),
                        run(Outcome.SUCCEEDED, State.KEPT, "fast")))
                .highest())
        .isEmpty();
  }

  @Test
  void isKeptInTheSummaryFileOnlyWithBounds() throws IOException {
    // given
    BatchSummary without =
        BatchSummary.of(
            "b/1",
            1,
            Rows.noRows(),
            OffsetDateTime.parse("2026-11-24T14:02:54+01:00"),
            Optional.empty());
    SloSummary slo =
        SloSummary.of(List.of("concurrency"), List.of(run(Outcome.SUCCEEDED, State.KEPT, 4L)));
    BatchSummary with = without.withSlo(Optional.of(slo));

    // then
    assertThat(new String(without.json(), StandardCharsets.UTF_8)).doesNotContain("slo");
    assertThat(Json.MAPPER.readValue(with.json(), BatchSummary.class).slo()).contains(slo);
    assertThat(Json.MAPPER.readValue(without.json(), BatchSummary.class).slo()).isEmpty();
  }

  private static Judged run(Outcome outcome, State state, Object... values) {
    return new Judged("", List.of(values), outcome, state, false);
  }

  /** One that succeeded keeps the bounds. */
  private static ResultRow row(long concurrency, Outcome outcome, String cause, String checks) {
    Map<String, Double> metrics =
        outcome == Outcome.SUCCEEDED
            ? Map.of("ttft_ms_p99", 400.0, "output_tokens_per_s", 30.0)
            : Map.of();
    return new ResultRow(
        (int) concurrency,
        "concurrency" + concurrency,
        Place.UNKNOWN,
        List.of(concurrency),
        outcome,
        cause,
        "",
        1,
        Arrays.stream(checks.split(";")).flatMap(each -> FoundCheck.parse(each).stream()).toList(),
        new Metrics<>(
            Metric.class,
            metric ->
                Optional.ofNullable(metrics.get(metric.column())).stream()
                    .mapToDouble(Double::doubleValue)
                    .findFirst()),
        "",
        "2026-11-28T12:00:00Z");
  }
}
