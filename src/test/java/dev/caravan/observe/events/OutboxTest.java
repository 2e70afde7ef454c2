package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.file.Files;
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
  void handsOutEventsInOrderFromTheReceiversPosition() throws IOException {
    // given
    add(3);
    // when
    outbox.delivered("a", outbox.next("a").get(0));
    // then
    assertThat(sequences("a")).containsExactly(2L, 3L);
    assertThat(sequences("b")).containsExactly(1L, 2L, 3L);
    // when
    outbox.flush();
    close();
    open();
    // then
    assertThat(sequences("a")).containsExactly(2L, 3L);
    assertThat(sequences("b")).containsExactly(1L, 2L, 3L);
  }

  @Test
  void aReceiverThatIsSetAgainGetsOnlyEventsFromThenOn() throws IOException {
    // given
    Journal journal = Journal.in(folder, new DurableFiles());
    new Outbox(folder, new DurableFiles(), feed, journal, List.of("b"), clock::get);
    add(2);
    // when
    close();
    open();
    // then
    assertThat(sequences("a")).isEmpty();
    assertThat(sequences("b")).containsExactly(1L, 2L);
  }

  @Test
  void opensWithAPositionThatCannotBeRead() throws Exception {
    // given
    Path position = folder.resolve("a.delivered");
    Files.delete(position);
    Files.createSymbolicLink(position, folder.resolve("nowhere"));
    Path other = folder.resolve("b.delivered");
    Files.delete(other);
    Fifo.create(other);
    // when
    Journal journal = Journal.in(folder, new DurableFiles());
    Outbox again =
        new Outbox(folder, new DurableFiles(), feed, journal, List.of("a", "b"), clock::get);
    // then
    assertThat(again.next("a")).isEmpty();
    assertThat(again.next("b")).isEmpty();
  }

  @Test
  void goesOnWhenItsFolderWasDeletedMeanwhile() throws Exception {
    // given
    add(2);
    // when
    new DurableFiles().delete(folder);
    outbox.delivered("a", outbox.next("a").get(1));
    add(1);
    // then
    assertThat(sequences("a")).containsExactly(3L);
    assertThat(sequences("b")).containsExactly(1L, 2L, 3L);
    // when
    outbox.flush();
    close();
    open();
    // then
    assertThat(sequences("a")).containsExactly(3L);
    assertThat(sequences("b")).containsExactly(3L);
  }

  @Test
  void handsOutEventsAgainWhenAKillLostThePosition() throws IOException {
    // given
    add(2);
    outbox.delivered("a", outbox.next("a").get(0));
    // when
    close();
    open();
    // then
    assertThat(sequences("a")).containsExactly(1L, 2L);
  }

  @Test
  void backsOffFromAFailingReceiverWithoutDelayingOthers() throws IOException {
    // given
    add(1);
    // when
    outbox.failed("a", "for this test");
    // then
    assertThat(sequences("a")).isEmpty();
    assertThat(sequences("b")).containsExactly(1L);
    assertBackoff(1);
    assertBackoff(2);
    assertBackoff(4);
    for (int n = 0; n < 20; n++) {
      outbox.failed("a", "for this test");
    }
    assertBackoff(60);
    clock.addAndGet(Duration.ofSeconds(60).toNanos());
    // when
    outbox.delivered("a", outbox.next("a").get(0));
    add(1);
    // then
    assertThat(sequences("a")).containsExactly(2L);
  }

  @Test
  void ignoresADeliveryThatFollowsAFailedOne() throws IOException {
    // given
    add(2);
    List<StoredEvent> events = outbox.next("a");
    // when
    outbox.failed("a", "for this test");
    outbox.delivered("a", events.get(1));
    clock.addAndGet(Duration.ofSeconds(1).toNanos());
    // then
    assertThat(sequences("a")).containsExactly(1L, 2L);
  }

  @Test
  void startsOverWhenTheJournalWasDeleted() throws IOException {
    // given
    add(2);
    outbox.delivered("a", outbox.next("a").get(1));
    outbox.flush();
    close();
    new DurableFiles().delete(folder.resolve("0000000000000001.jsonl"));
    // when
    open();
    add(1);
    // then
    assertThat(sequences("a")).containsExactly(1L);
  }

  @Test
  void refusesUnknownReceivers() {
    assertThatThrownBy(() -> outbox.next("c")).isInstanceOf(IllegalArgumentException.class);
  }

  private void assertBackoff(int seconds) throws IOException {
    clock.addAndGet(Duration.ofSeconds(seconds).minusMillis(1).toNanos());
    assertThat(sequences("a")).isEmpty();
    clock.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(sequences("a")).containsExactly(1L);
    outbox.failed("a", "for this test");
  }

  private int added;

  private void add(int events) throws IOException {
    for (int n = 0; n < events; n++) {
      feed.addAndWait(SampleEvents.run("b/1", ++added));
    }
  }

  private List<Long> sequences(String receiver) throws IOException {
    return outbox.next(receiver).stream().map(StoredEvent::sequence).toList();
  }
}
