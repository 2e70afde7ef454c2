package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {

  private final List<String> served = new ArrayList<>();
  private final Slots slots = new Slots(2);

  @Test
  void servesUpToItsCapacityAndTheRestInTheOrderTheyCame() {
    // given
    for (String name : List.of("a", "b", "c", "d", "e")) {
      slots.enter(() -> served.add(name));
    }
    assertThat(served).containsExactly("a", "b");
    assertThat(slots.running()).isEqualTo(2);
    assertThat(slots.waiting()).isEqualTo(3);

    // when
    slots.leave();
    slots.leave();

    // then
    assertThat(served).containsExactly("a", "b", "c", "d");
    assertThat(slots.running()).isEqualTo(2);
    assertThat(slots.waiting()).isEqualTo(1);
  }

  @Test
  void passesOverTheOneThatGaveUp() {
    // given
    Runnable running = () -> served.add("a");
    Runnable impatient = () -> served.add("c");
    slots.enter(running);
    slots.enter(() -> served.add("b"));
    slots.enter(impatient);
    slots.enter(() -> served.add("d"));

    // when
    boolean waited = slots.giveUp(impatient);
    slots.leave();

    // then
    assertThat(waited).isTrue();
    assertThat(slots.giveUp(running)).isFalse();
    assertThat(served).containsExactly("a", "b", "d");
  }

  @Test
  void freesThePlaceWhenNobodyWaits() {
    // given
    slots.enter(() -> served.add("a"));

    // when
    slots.leave();

    // then
    assertThat(slots.running()).isZero();
  }

  @Test
  void knowsItsLoadBeyondTheOneAsking() {
    slots.enter(() -> served.add("a"));
    assertThat(slots.load()).isZero();

    slots.enter(() -> served.add("b"));
    assertThat(slots.load()).isEqualTo(1);
  }
}
