package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Configs say by the words of this package which runs are tried again. */
class RetryWordsTest {

  @ParameterizedTest
  @MethodSource("words")
  void areAllKnownToConfigs(String word) {
    // given
    String config = FixedRules.BASE + "retry: {on: [" + word + "]}\n";

    // when / then: taken, or refused with a reason of its own
    try {
      assertThat(FixedRules.read(config).retry().on()).containsExactly(word);
    } catch (ConfigRefusedException e) {
      assertThat(e.problems())
          .singleElement()
          .satisfies(problem -> assertThat(problem.message()).doesNotContain("must be"));
    }
  }

  private static Stream<String> words() {
    Stream<Outcome> failed =
        Stream.of(Outcome.values())
            .filter(o -> o.counts() != Outcome.Counts.COMPLETED && o != Outcome.FAILED);
    return Stream.concat(Stream.of(Cause.values()).map(Cause::value), failed.map(Outcome::value));
  }
}
