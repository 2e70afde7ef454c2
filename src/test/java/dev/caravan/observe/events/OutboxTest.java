package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {

  @TempDir private Path folder;
  private final AtomicLong clock = new AtomicLong();
  private EventFeed feed;
  private Outbox outbox;

  @BeforeEach
  void open() throws IOException {
    Journal journal = Journal.in(folder, new DurableFiles());
    feed = new EventFeed(journal);
    outbox = new Outbox(folder, new DurableFiles(), feed, journal, List.of("a", "b"), clock::get);
  }

  @AfterEach
  void close() {
    feed.close();
  }

  @Test
  void handsOutInOrderFromWhereAReceiverHasComeTo() throws IOException {
    // given
    add(3);
    // when
    outbox.delivered("a", outbox.next("a").get(0));
    // then
    assertThat(places("a")).containsExactly(2L, 3L);
    assertThat(places("b")).containsExactly(1L, 2L, 3L);
    // when
    outbox.keep();
    close();
    open();
    // then
    assertThat(places("a")).containsExactly(2L, 3L);
    assertThat(places("b")).containsExactly(1L, 2L, 3L);
  }

  @Test
  void handsOutAgainAfterAKillWhatItCouldNotNote() throws IOException {
    // given
    add(2);
    outbox.delivered("a", outbox.next("a").get(0));
    // when
    close();
    open();
    // then
    assertThat(places("a")).containsExactly(1L, 2L);
  }

  @Test
  void leavesAReceiverThatFailsAloneForGrowingPausesAndTheOthersNot() throws IOException {
    // given
    add(1);
    // when
    outbox.failed("a", "for this test");
    // then
    assertThat(places("a")).isEmpty();
    assertThat(places("b")).containsExactly(1L);
    assertPauses(1);
    assertPauses(2);
    assertPauses(4);
    for (int n = 0; n < 20; n++) {
      outbox.failed("a", "for this test");
    }
    assertPauses(60);
    clock.addAndGet(Duration.ofSeconds(60).toNanos());
    // when
    outbox.delivered("a", outbox.next("a").get(0));
    add(1);
    // then
    assertThat(places("a")).containsExactly(2L);
  }

  @Test
  void doesNotTakeAnEventForDeliveredThatPassedOneThatFailed() throws IOException {
    // given
    add(2);
    List<StoredEvent> events = outbox.next("a");
    // when
    outbox.failed("a", "for this test");
    outbox.delivered("a", events.get(1));
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    // then
    assertThat(places("a")).containsExactly(1L, 2L);
  }

  @Test
  void beginsAnewWhenSomebodyHasRemovedTheEvents() throws IOException {
    // given
    add(2);
    outbox.delivered("a", outbox.next("a").get(1));
    outbox.keep();
    close();
    new DurableFiles().delete(folder.resolve("0000000000000001.jsonl"));
    // when
    open();
    add(1);
    // then
    assertThat(places("a")).containsExactly(1L);
  }

  @Test
  void knowsNoOtherReceivers() {
    assertThatThrownBy(() -> outbox.next("c")).isInstanceOf(IllegalArgumentException.class);
  }

  private void assertPauses(int seconds) throws IOException {
    clock.addAndGet(Duration.ofSeconds(seconds).minusMillis(1).toNanos());
    assertThat(places("a")).isEmpty();
    clock.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(places("a")).containsExactly(1L);
    outbox.failed("a", "for this test");
  }

  private int added;

  private void add(int events) throws IOException {
    for (int n = 0; n < events; n++) {
      feed.addNow(SomeEvents.run("b/1", ++added));
    }
  }

  private List<Long> places(String receiver) throws IOException {
    return outbox.next(receiver).stream().map(StoredEvent::sequence).toList();
  }
}
