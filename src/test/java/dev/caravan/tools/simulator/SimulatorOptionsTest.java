package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SimulatorOptionsTest {

  private static final SimulatorOptions DEFAULTS = SimulatorOptions.defaults();

  @ParameterizedTest
  @MethodSource("invalidOptions")
  void refusesInvalidValues(UnaryOperator<SimulatorOptions> change, String message) {
    assertThatThrownBy(() -> change.apply(DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  static Stream<Arguments> invalidOptions() {
    return Stream.of(
        invalid(o -> o.withHost(" "), "host must not be empty"),
        invalid(o -> o.withPort(65_536), "port must be from 0 to 65535, not 65536"),
        invalid(o -> o.withModels(List.of()), "at least one model must be served"),
        invalid(o -> o.withModels(List.of("a", "b", "a")), "duplicate model: a, b, a"),
        invalid(
            o -> o.withModels(List.of("a\nb")),
            "a model name must not be empty or contain control characters"),
        invalid(o -> o.withKey(new BearerAuth("")), "the API key is empty"),
        invalid(o -> o.withTtft(Duration.ofMillis(-1)), "ttft must be from 0s to 24h, not -1ms"),
        invalid(o -> o.withItl(Duration.ofHours(25)), "itl must be from 0s to 24h, not 25h"),
        invalid(
            o -> o.withTiming(new ResponseTiming(Duration.ZERO, Duration.ZERO, 1.5, 0)),
            "jitter must be from 0 to 1, not 1.5"),
        invalid(o -> o.withCapacity(0), "capacity must be from 1 to 100000, not 0"),
        invalid(o -> o.withOutputTokens(0), "output tokens must be from 1 to 131072, not 0"),
        invalid(o -> o.withErrorRate(1.01), "error rate must be from 0 to 1, not 1.01"),
        invalid(o -> o.withErrorRate(Double.NaN), "error rate must be from 0 to 1, not NaN"),
        invalid(o -> o.withHangRate(-0.5), "hang rate must be from 0 to 1, not -0.5"),
        invalid(
            o -> o.withReadyDelay(Duration.ofSeconds(-3)),
            "ready delay must be from 0s to 24h, not -3s"));
  }

  @Test
  void changesOneOptionAndKeepsTheOthers() {
    // given
    SimulatorOptions changed = DEFAULTS.withItl(Duration.ofMillis(3)).withErrorRate(0.25);

    // when
    SimulatorOptions back = changed.withItl(Duration.ofMillis(8)).withErrorRate(0);

    // then
    assertThat(changed.timing().itl()).isEqualTo(Duration.ofMillis(3));
    assertThat(changed.failures().errorRate()).isEqualTo(0.25);
    assertThat(back).isEqualTo(DEFAULTS);
  }

  @Test
  void hidesTheKey() {
    assertThat(DEFAULTS.withKey(new BearerAuth("sk-very-secret")).toString())
        .contains("BearerAuth[hidden]")
        .doesNotContain("secret");
  }

  @Test
  void increasesTheLatencyInProportionToTheLoad() {
    ResponseTiming timing = new ResponseTiming(Duration.ZERO, Duration.ofMillis(8), 0, 0.5);

    assertThat(timing.itlNanos(0)).isEqualTo(8_000_000);
    assertThat(timing.itlNanos(0.5)).isEqualTo(10_000_000);
    assertThat(timing.itlNanos(1)).isEqualTo(12_000_000);
  }

  private static Arguments invalid(UnaryOperator<SimulatorOptions> change, String message) {
    return Arguments.of(change, message);
  }
}
