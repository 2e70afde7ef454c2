package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.target.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code run} says while it waits for its target. */
class TargetWaitTest {

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final List<String> lines = new ArrayList<>();
  private long now = Long.MAX_VALUE - 9;
  private int probes;

  @Test
  void saysAWaitOnceAndThenOnceAMinute() throws InterruptedException {
    // when
    boolean ready = wait(Duration.ofMinutes(20), 36);
    // then
    assertThat(ready).isTrue();
    assertThat(lines)
        .containsExactly(
            "http://x is not ready: no; waiting up to 20m more, probing every 5s",
            "http://x is not ready: no; waiting up to 19m more, probing every 5s",
            "http://x is not ready: no; waiting up to 18m more, probing every 5s");
  }

  @Test
  void saysWhyItGivesUp() throws InterruptedException {
    // when
    boolean ready = wait(Duration.ofSeconds(12), Integer.MAX_VALUE);
    // then
    assertThat(ready).isFalse();
    assertThat(lines)
        .containsExactly(
            "http://x is not ready: no; waiting up to 12s more, probing every 5s",
            "http://x is not ready: no");
  }

  @Test
  void doesNotWaitWithoutPatience() throws InterruptedException {
    // then
    assertThat(wait(Duration.ZERO, Integer.MAX_VALUE)).isFalse();
    assertThat(lines).containsExactly("http://x is not ready: no");
    assertThat(probes).isEqualTo(1);
  }

  @Test
  void endsSilentlyWhenTheUserInterrupts() throws InterruptedException {
    // when
    boolean ready =
        new TargetWait("http://x", INTERVAL, Duration.ofHours(1), () -> now, lines::add)
            .untilReady(() -> new Readiness(false, "no"), time -> true);
    // then
    assertThat(ready).isFalse();
    assertThat(lines).hasSize(1);
  }

  /** Waits for a target that is ready at the probe after {@code failures}. */
  private boolean wait(Duration patience, int failures) throws InterruptedException {
    return new TargetWait("http://x", INTERVAL, patience, () -> now, lines::add)
        .untilReady(
            () -> new Readiness(probes++ >= failures, "no"),
            time -> {
              now += time.toNanos();
              return false;
            });
  }
}
