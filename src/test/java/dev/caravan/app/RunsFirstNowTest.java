package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A first result that is computed before somebody asks for it. */
class RunsFirstNowTest {

  private final AtomicInteger computed = new AtomicInteger();

  @Test
  void computesTheFirstResultInTheBackground() {
    // when
    RunsFirstNow<Integer> numbers = new RunsFirstNow<>(computed::incrementAndGet);

    // then
    await().until(() -> computed.get() == 1);
    assertThat(numbers.get()).isEqualTo(1);
  }

  @Test
  void computesEachLaterResultWhenItIsAskedFor() {
    // given
    RunsFirstNow<Integer> numbers = new RunsFirstNow<>(computed::incrementAndGet);
    numbers.get();

    // then
    assertThat(computed).hasValue(1);
    assertThat(numbers.get()).isEqualTo(2);
    assertThat(numbers.get()).isEqualTo(3);
  }
}
