package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {

  private final List<String> started = new ArrayList<>();
  private final Slots slots = new Slots(2);

  @Test
  void startsUpToItsCapacityAndTheRestInOrder() {
    // given
    for (String name : List.of("a", "b", "c", "d", "e")) {
      slots.acquire(() -> started.add(name));
    }
    assertThat(started).containsExactly("a", "b");
    assertThat(slots.running()).isEqualTo(2);
    assertThat(slots.waiting()).isEqualTo(3);

    // when
    slots.release();
    slots.release();

    // then
    assertThat(started).containsExactly("a", "b", "c", "d");
    assertThat(slots.running()).isEqualTo(2);
    assertThat(slots.waiting()).isEqualTo(1);
  }

  @Test
  void skipsACancelledRequest() {
    // given
    Runnable running = () -> started.add("a");
    Runnable cancelled = () -> started.add("c");
    slots.acquire(running);
    slots.acquire(() -> started.add("b"));
    slots.acquire(cancelled);
    slots.acquire(() -> started.add("d"));

    // when
    boolean removed = slots.cancel(cancelled);
    slots.release();

    // then
    assertThat(removed).isTrue();
    assertThat(slots.cancel(running)).isFalse();
    assertThat(started).containsExactly("a", "b", "d");
  }

  @Test
  void freesTheSlotWhenTheQueueIsEmpty() {
    // given
    slots.acquire(() -> started.add("a"));

    // when
    slots.release();

    // then
    assertThat(slots.running()).isZero();
  }

  @Test
  void reportsItsLoad() {
    slots.acquire(() -> started.add("a"));
    assertThat(slots.load()).isZero();

    slots.acquire(() -> started.add("b"));
    assertThat(slots.load()).isEqualTo(1);
  }
}
