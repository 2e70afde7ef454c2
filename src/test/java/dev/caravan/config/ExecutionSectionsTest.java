package dev.caravan.config;

import static dev.caravan.config.FixedRules.BASE;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sections limits, retry, readiness and rerun. */
class ExecutionSectionsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "limits:\nretry:\nreadiness: null\nrerun: ~\n",
        "limits: {}\nretry: {}\nreadiness: {}\n",
        "limits: {start_up: , warm_up: ~, measuring: , export: , run_timeout: , no_progress: ,"
            + " max_failures: , same_cause: null}\n"
            + "retry: {attempts: , on: , backoff: }\n"
            + "readiness: {endpoint: , status: , wait: , interval: , completion: , preflight: }\n",
      })
  void usesTheDefaultsOfKeysThatAreNotSet(String sections) {
    // when
    BenchmarkConfig config = FixedRules.read(BASE + sections);

    // then
    assertThat(config.limits())
        .isEqualTo(
            new Limits(
                Duration.ofMinutes(5),
                Duration.ofMinutes(30),
                Optional.empty(),
                Duration.ofMinutes(10),
                Optional.empty(),
                Duration.ofMinutes(5),
                OptionalInt.empty(),
                2));
    assertThat(config.retry())
        .isEqualTo(
            new Retry(
                2,
                Set.of("crashed", "incomplete_export", "start_failed", "disturbed"),
                Duration.ofSeconds(10)));
    assertThat(config.readiness())
        .isEqualTo(
            new ReadinessRules(
                Optional.empty(),
                200,
                Optional.empty(),
                Optional.empty(),
                false,
                true,
                Duration.ofSeconds(60)));
    assertThat(config.rerun()).isEmpty();
  }

  @Test
  void readsEveryLimit() {
    // given
    String limits =
        """
        limits:
          start_up: 30s
          warm_up: 45m
          measuring: 2h
          export: 250ms
          run_timeout: 8760h
          no_progress: " 90s "
          max_failures: "3"
          same_cause: 0
        """;

    // when / then
    assertThat(FixedRules.read(BASE + limits).limits())
        .isEqualTo(
            new Limits(
                Duration.ofSeconds(30),
                Duration.ofMinutes(45),
                Optional.of(Duration.ofHours(2)),
                Duration.ofMillis(250),
                Optional.of(Duration.ofDays(365)),
                Duration.ofSeconds(90),
                OptionalInt.of(3),
                0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "\"on\"", "'on'"})
  void readsTheKeyOnWithAndWithoutQuotes(String on) {
    // given
    String retry = "retry: {attempts: 10, " + on + ": [timed_out, internal_error], backoff: 0s}\n";

    // when / then
    assertThat(FixedRules.read(BASE + retry).retry())
        .isEqualTo(new Retry(10, Set.of("timed_out", "internal_error"), Duration.ZERO));
  }

  @Test
  void readsRetryFromAnAnchor() {
    // given
    String retry = "x-retry: &r {on: [timed_out]}\nretry: {<<: *r, attempts: 5}\n";

    // when / then
    assertThat(FixedRules.read(BASE + retry).retry())
        .isEqualTo(new Retry(5, Set.of("timed_out"), Duration.ofSeconds(10)));
  }

  @Test
  void retriesNothingOnAnEmptyList() {
    // when
    Retry retry = FixedRules.read(BASE + "retry: {on: []}\n").retry();

    // then
    assertThat(retry.on()).isEmpty();
    assertThat(retry.retries("crashed", 1)).isFalse();
  }

  @Test
  void readsReadiness() {
    // given
    String readiness =
        "readiness: {endpoint: none, status: 204, wait: 0s, interval: 1s, completion: yes,"
            + " preflight: no, quiet: 5s}\n";

    // when / then
    assertThat(FixedRules.read(BASE + readiness).readiness())
        .isEqualTo(
            new ReadinessRules(
                Optional.of("none"),
                204,
                Optional.of(Duration.ZERO),
                Optional.of(Duration.ofSeconds(1)),
                true,
                false,
                Duration.ofSeconds(5)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b/20261124_140254",
        "b/20261124_140254_2",
        "/data/results/b/20261124_140254",
        "a b/2026..x/c"
      })
  void readsTheRunToRerun(String batch) {
    // given
    String rerun = "rerun: {batch: " + batch + ", run_index: 17}\n";

    // when / then
    assertThat(FixedRules.read(BASE + rerun).rerun()).contains(new Rerun(batch, 17));
  }

  @ParameterizedTest
  @CsvSource({"crashed,1,true", "crashed,2,true", "crashed,3,false", "timed_out,1,false"})
  void retriesUntilAttemptsAreExhausted(String cause, int attempt, boolean retried) {
    // given
    Retry retry = new Retry(3, Set.of("crashed"), Duration.ZERO);

    // when / then
    assertThat(retry.retries(cause, attempt)).isEqualTo(retried);
  }

  @Test
  void prefersItsOwnEndpointToThatOfTheRun() {
    // given
    String base = BASE + "  health_check_endpoint: /health\n";
    BenchmarkConfig with = FixedRules.read(base + "readiness: {endpoint: /ready}\n");
    BenchmarkConfig without = FixedRules.read(base);
    BenchmarkConfig neither = FixedRules.read(BASE);

    // when / then
    assertThat(with.readiness().endpoint(with.base())).contains("/ready");
    assertThat(without.readiness().endpoint(without.base())).contains("/health");
    assertThat(neither.readiness().endpoint(neither.base())).isEmpty();
  }
}
