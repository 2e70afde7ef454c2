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
  @MethodSource("wrongOnes")
  void refusesWhatIsOutOfRange(UnaryOperator<SimulatorOptions> change, String message) {
    assertThatThrownBy(() -> change.apply(DEFAULTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  static Stream<Arguments> wrongOnes() {
    return Stream.of(
        wrong(o -> o.withHost(" "), "host must not be empty"),
        wrong(o -> o.withPort(65_536), "port must be from 0 to 65535, not 65536"),
        wrong(o -> o.withModels(List.of()), "at least one model must be served"),
        wrong(o -> o.withModels(List.of("a", "b", "a")), "a model is named twice: a, b, a"),
        wrong(
            o -> o.withModels(List.of("a\nb")),
            "a model name must not be empty or hold control characters"),
        wrong(o -> o.withKey(new BearerAuth("")), "the API key is empty"),
        wrong(o -> o.withTtft(Duration.ofMillis(-1)), "ttft must be from 0s to 24h, not -1ms"),
        wrong(o -> o.withItl(Duration.ofHours(25)), "itl must be from 0s to 24h, not 25h"),
        wrong(
            o -> o.withPace(new ResponseTiming(Duration.ZERO, Duration.ZERO, 1.5, 0)),
            "jitter must be from 0 to 1, not 1.5"),
        wrong(o -> o.withCapacity(0), "capacity must be from 1 to 100000, not 0"),
        wrong(o -> o.withOutputTokens(0), "output tokens must be from 1 to 131072, not 0"),
        wrong(o -> o.withErrorRate(1.01), "error rate must be from 0 to 1, not 1.01"),
        wrong(o -> o.withErrorRate(Double.NaN), "error rate must be from 0 to 1, not NaN"),
        wrong(o -> o.withHangRate(-0.5), "hang rate must be from 0 to 1, not -0.5"),
        wrong(
            o -> o.withReadyDelay(Duration.ofSeconds(-3)),
            "ready delay must be from 0s to 24h, not -3s"));
  }

  @Test
  void changesOneThingAndLeavesTheRest() {
    // given
    SimulatorOptions changed = DEFAULTS.withItl(Duration.ofMillis(3)).withErrorRate(0.25);

    // when
    SimulatorOptions back = changed.withItl(Duration.ofMillis(8)).withErrorRate(0);

    // then
    assertThat(changed.pace().itl()).isEqualTo(Duration.ofMillis(3));
    assertThat(changed.faults().errorRate()).isEqualTo(0.25);
    assertThat(back).isEqualTo(DEFAULTS);
  }

  @Test
  void neverShowsTheKey() {
    assertThat(DEFAULTS.withKey(new BearerAuth("sk-very-secret")).toString())
        .contains("BearerKey[hidden]")
        .doesNotContain("secret");
  }

  @Test
  void slowsTokensInProportionToTheLoad() {
    ResponseTiming pace = new ResponseTiming(Duration.ZERO, Duration.ofMillis(8), 0, 0.5);

    assertThat(pace.itlNanos(0)).isEqualTo(8_000_000);
    assertThat(pace.itlNanos(0.5)).isEqualTo(10_000_000);
    assertThat(pace.itlNanos(1)).isEqualTo(12_000_000);
  }

  private static Arguments wrong(UnaryOperator<SimulatorOptions> change, String message) {
    return Arguments.of(change, message);
  }
}
