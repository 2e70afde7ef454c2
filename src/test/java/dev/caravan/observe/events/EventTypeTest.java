package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventTypeTest {

  @Test
  void endsABatchWithItsEndAndWhatFollowsIt() {
    assertThat(Stream.of(EventType.values()).filter(type -> !type.keepsBatchOpen()))
        .containsExactly(EventType.BATCH_FINISHED, EventType.BATCH_COMPARED);
  }
}
