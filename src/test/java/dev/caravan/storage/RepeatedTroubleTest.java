package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RepeatedTroubleTest {

  private final AtomicLong clock = new AtomicLong();
  private final RepeatedTrouble troubles = new RepeatedTrouble(clock::get);

  @Test
  void isNewOnceUntilItChanges() {
    assertThat(troubles.add("a.yaml", "cannot be moved")).isTrue();
    assertThat(troubles.add("a.yaml", "cannot be moved")).isFalse();
    assertThat(troubles.add("b.yaml", "cannot be moved")).isTrue();
    assertThat(troubles.add("a.yaml", "disk full")).isTrue();
    assertThat(troubles.latest()).hasValue("disk full");
  }

  @Test
  void waitsLongerEachTimeUpToAMinute() {
    // given
    int tries = 0;
    // when
    for (int second = 0; second < 600; second++) {
      if (troubles.isDue("a.yaml")) {
        tries++;
        troubles.add("a.yaml", "cannot be moved");
      }
      clock.addAndGet(Duration.ofSeconds(1).toNanos());
    }
    // then: after 0, 1, 2, 4, 8, 16, 32 and then 60 s each
    assertThat(tries).isBetween(15, 18);
    assertThat(troubles.isDue("b.yaml")).isTrue();
  }

  @Test
  void isOverWhenToldOrLongAgo() {
    // given
    troubles.add("a.yaml", "cannot be moved");
    troubles.add("b.yaml", "cannot be moved");
    // when
    troubles.over("a.yaml");
    clock.addAndGet(Duration.ofMinutes(11).toNanos());
    // then
    assertThat(troubles.isDue("a.yaml")).isTrue();
    assertThat(troubles.latest()).isEmpty();
    assertThat(troubles.add("b.yaml", "cannot be moved")).isTrue();
  }
}
