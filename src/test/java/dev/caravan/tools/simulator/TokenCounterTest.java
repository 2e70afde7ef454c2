package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class TokenCounterTest {

  private final TokenCounter counter = new TokenCounter();

  @Test
  void countsAsTheTokenizerOfTheClientDoes() {
    assertThat(counter.count("")).isZero();
    assertThat(counter.count("Hello, world")).isEqualTo(3);
    assertThat(counter.count("Shakespeare, <|endoftext|> tis nobler")).isGreaterThan(8);
  }

  @Test
  void countsAKnownTextAgain() {
    assertThat(counter.count(" the caravan")).isEqualTo(counter.count(" the caravan"));
  }

  @Test
  void countsALongTextInProportion() {
    // given
    String sentence = " the caravan crosses the desert slowly";

    // when
    int tokens = counter.count(sentence.repeat(100_000));

    // then
    assertThat(tokens).isCloseTo(600_000, Percentage.withPercentage(1));
    assertThat(counter.count(sentence.repeat(1_000))).isCloseTo(6_000, within(0));
  }
}
