package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The {@code retry} section of a config names outcomes and causes. */
class RetryCausesTest {

  @ParameterizedTest
  @MethodSource("outcomesAndCauses")
  void configKnowsEveryOutcomeAndCause(String name) {
    // given
    String config = FixedRules.BASE + "retry: {on: [" + name + "]}\n";

    // when / then: accepted, or refused with a specific message
    try {
      assertThat(FixedRules.read(config).retry().on()).containsExactly(name);
    } catch (ConfigRefusedException e) {
      assertThat(e.problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.message()).doesNotContain("must be"));
    }
  }

  private static Stream<String> outcomesAndCauses() {
    Stream<Outcome> failed =
        Stream.of(Outcome.values())
            .filter(
                outcome ->
                    outcome.counts() != Outcome.Counts.COMPLETED && outcome != Outcome.FAILED);
    return Stream.concat(Stream.of(Cause.values()).map(Cause::value), failed.map(Outcome::value));
  }
}
