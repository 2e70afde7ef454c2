package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFeedTest {

  @TempDir private Path folder;

  @Test
  void notifiesListenersOfEachEventOnceAndInOrder() throws Exception {
    // given
    List<StoredEvent> received = new CopyOnWriteArrayList<>();
    try (EventFeed feed = new EventFeed(EventLog.none())) {
      AutoCloseable subscription = feed.subscribe(received::add);
      feed.subscribe(
          event -> {
            if (event.id().contains("/run3:")) {
              throw new IllegalStateException("broken listener, for this test");
            }
          });
      // when
      IntStream.range(0, 500).forEach(n -> feed.add(SampleEvents.run("b/1", n)));
      feed.add(SampleEvents.run("b/1", 7));
      await().until(() -> received.size() >= 500);
      subscription.close();
      feed.addAndWait(SampleEvents.end("b/1"));
    }
    // then
    assertThat(received).hasSize(500);
    assertThat(received).extracting(StoredEvent::sequence).isSorted().doesNotHaveDuplicates();
    assertThat(received.get(499).id()).isEqualTo("b/1/run499:1:run.finished");
  }

  @Test
  void servesMissedEventsFromMemory() throws Exception {
    try (EventFeed feed = new EventFeed(EventLog.none())) {
      // given
      feed.addAndWait(SampleEvents.run("b/1", 1));
      List<StoredEvent> first = feed.after(0, 10);
      feed.addAndWait(SampleEvents.run("b/1", 2));
      feed.addAndWait(SampleEvents.run("b/1", 3));
      // then
      assertThat(first).hasSize(1);
      assertThat(feed.after(first.get(0).sequence(), 1))
          .extracting(StoredEvent::id)
          .containsExactly("b/1/run2:1:run.finished");
      assertThat(feed.after(0, 10)).hasSize(3);
      assertThat(feed.after(Long.MAX_VALUE - 1, 10)).isEmpty();
    }
  }

  @Test
  void continuesTheSequenceAfterARestart() throws Exception {
    // given
    try (EventFeed feed = new EventFeed(Journal.in(folder, new DurableFiles()))) {
      IntStream.range(0, 2999).forEach(n -> feed.add(SampleEvents.run("b/1", n)));
      feed.addAndWait(SampleEvents.run("b/1", 2999)); // a slow disk takes longer than a close waits
    }
    // when
    try (EventFeed feed = new EventFeed(Journal.in(folder, new DurableFiles()))) {
      feed.addAndWait(SampleEvents.end("b/1"));
      // then
      assertThat(feed.after(2998, 9))
          .extracting(StoredEvent::sequence)
          .containsExactly(2999L, 3000L, 3001L);
      assertThat(feed.after(3000, 9)).extracting(StoredEvent::sequence).containsExactly(3001L);
      assertThat(feed.after(10, 5))
          .extracting(StoredEvent::sequence)
          .containsExactly(11L, 12L, 13L, 14L, 15L);
    }
  }

  @Test
  void reportsAFailedWriteAndStoresTheEventOnceTheDiskRecovers() throws Exception {
    // given
    FullDisk disk = new FullDisk();
    List<StoredEvent> received = new CopyOnWriteArrayList<>();
    try (EventFeed feed = new EventFeed(Journal.in(folder, disk))) {
      feed.subscribe(received::add);
      disk.full = true;
      // when
      assertThatThrownBy(() -> feed.addAndWait(SampleEvents.end("b/1")))
          .isInstanceOf(IOException.class);
      // then
      await().until(() -> received.size() == 1);
      assertThat(feed.after(0, 9)).isEmpty();
      // when
      disk.full = false;
      await().until(() -> feed.after(0, 9).size() == 1);
      feed.addAndWait(SampleEvents.end("b/1"));
    }
    // then
    assertThat(received).hasSize(1);
    assertThat(Journal.in(folder, new DurableFiles()).after(0, 9)).hasSize(1);
  }

  @Test
  void continuesAfterAnEventThatCannotBeEncoded() throws Exception {
    try (EventFeed feed = new EventFeed(Journal.in(folder, new DurableFiles()))) {
      // when
      feed.addAndWait(
          SampleEvents.event(
              EventType.RUN_FINISHED, "b/1", "id", Map.of("bad", new Unprintable())));
      feed.addAndWait(SampleEvents.end("b/1"));
      // then
      assertThat(feed.after(0, 9))
          .extracting(StoredEvent::id)
          .containsExactly("b/1:1:batch.finished");
    }
  }

  @Test
  void refusesEventsOnceClosed() throws Exception {
    EventFeed feed = new EventFeed(Journal.in(folder, new DurableFiles()));
    feed.close();
    assertThatThrownBy(() -> feed.addAndWait(SampleEvents.end("b/1")))
        .isInstanceOf(IOException.class);
  }

  private static final class Unprintable {

    @Override
    public String toString() {
      throw new IllegalStateException("for this test");
    }
  }

  private static final class FullDisk extends DurableFiles {
    private volatile boolean full;

    @Override
    public void append(Path log, byte[] lines) throws IOException {
      if (full) {
        throw new IOException("No space left on device");
      }
      super.append(log, lines);
    }
  }
}
