package dev.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OutcomeTest {

  @Test
  void hasNumbersThatMeanSomethingIfItIsCompleted() {
    assertThat(Stream.of(Outcome.values()).filter(Outcome::isCompleted))
        .containsExactly(Outcome.SUCCEEDED, Outcome.DEGRADED);
  }

  @Test
  void hasNumbersAlsoIfACheckSaysThatTheyMeanNothing() {
    assertThat(Stream.of(Outcome.values()).filter(Outcome::hasNumbers))
        .containsExactly(Outcome.SUCCEEDED, Outcome.DEGRADED, Outcome.INVALID);
  }
}
