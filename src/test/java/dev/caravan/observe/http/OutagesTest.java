package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.storage.Home;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutagesTest {

  private final Object dispatch = new Object();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final List<DaemonStatus.Parked> parked = new CopyOnWriteArrayList<>();
  private final PageUpdates news = new PageUpdates(new EventFeed(EventLog.none()));

  /** Dispatch tells what happens while it holds its own lock, and answers with that lock too. */
  @Test
  void standsInNobodysWayWhenDispatchTellsSomethingWhileItIsAsked(@TempDir Path home)
      throws Exception {
    // given
    Outages outages = new Outages(place(home));

    // when
    CompletableFuture<Void> telling = CompletableFuture.runAsync(this::tellWhileSomebodyAsks);
    CompletableFuture<?> asking = CompletableFuture.supplyAsync(outages::all);

    // then
    assertThat(CompletableFuture.allOf(telling, asking)).succeedsWithin(10, TimeUnit.SECONDS);
  }

  @Test
  void knowsTheOutagesOfEarlierLives(@TempDir Path home) throws Exception {
    // given
    Files.createDirectories(home.resolve(".caravan"));
    String since = OffsetDateTime.now().minusHours(1).toString();
    Outages first = new Outages(place(home));
    parked.add(new DaemonStatus.Parked("http://a:1", "connection refused", since));
    parked.add(new DaemonStatus.Parked("http://b:1", "503", since));
    assertThat(first.all()).hasSize(2).allMatch(outage -> outage.until().isEmpty());

    // when
    parked.remove(0);
    first.all();
    parked.clear();
    List<Outages.Outage> second = new Outages(place(home)).all();

    // then
    assertThat(second)
        .extracting(Outages.Outage::target)
        .containsExactlyInAnyOrder("http://a:1", "http://b:1");
    assertThat(second).allMatch(outage -> outage.until().isPresent());

    // when
    Files.writeString(home.resolve(".caravan/outages.json"), "{");

    // then
    assertThat(new Outages(place(home)).all()).isEmpty();
  }

  private void tellWhileSomebodyAsks() {
    synchronized (dispatch) {
      try {
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      news.changed();
    }
  }

  private DaemonStatus status() {
    asked.countDown();
    synchronized (dispatch) {
      return new DaemonStatus(1, 1, null, List.of(), parked);
    }
  }

  private WebContext place(Path home) {
    return new WebContext(
        null,
        new Home(home),
        null,
        null,
        null,
        null,
        null,
        null,
        this::status,
        List.of(),
        news,
        null);
  }
}
