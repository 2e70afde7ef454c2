package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutagesTest {

  private final Object dispatch = new Object();
  private final CountDownLatch statusRequested = new CountDownLatch(1);
  private final List<DaemonStatus.Parked> parked = new CopyOnWriteArrayList<>();
  private final PageUpdates pageUpdates = new PageUpdates(new EventFeed(EventLog.none()));

  /** Dispatch notifies while it holds its lock, and needs the same lock to return its status. */
  @Test
  void doesNotDeadlockWhenDispatchNotifiesWhileItsStatusIsRead(@TempDir Path home)
      throws Exception {
    // given
    Outages outages = new Outages(context(home));

    // when
    CompletableFuture<Void> notifying =
        CompletableFuture.runAsync(this::notifyWhileTheStatusIsRead);
    CompletableFuture<?> reading = CompletableFuture.supplyAsync(outages::all);

    // then
    assertThat(CompletableFuture.allOf(notifying, reading)).succeedsWithin(1, TimeUnit.MINUTES);
  }

  @Test
  void remembersOutagesAcrossRestarts(@TempDir Path home) throws Exception {
    // given
    Files.createDirectories(home.resolve(".caravan"));
    String since = OffsetDateTime.now().minusHours(1).toString();
    Outages first = new Outages(context(home));
    parked.add(new DaemonStatus.Parked("http://a:1", "connection refused", since));
    parked.add(new DaemonStatus.Parked("http://b:1", "503", since));
    assertThat(first.all()).hasSize(2).allMatch(outage -> outage.until().isEmpty());

    // when
    parked.remove(0);
    first.all();
    parked.clear();
    List<Outages.Outage> second = new Outages(context(home)).all();

    // then
    assertThat(second)
        .extracting(Outages.Outage::target)
        .containsExactlyInAnyOrder("http://a:1", "http://b:1");
    assertThat(second).allMatch(outage -> outage.until().isPresent());

    // when
    Files.writeString(home.resolve(".caravan/outages.json"), "{");

    // then
    assertThat(new Outages(context(home)).all()).isEmpty();
  }

  @Test
  void saysWhenItAskedATargetLastThatNothingWaitsFor(@TempDir Path home) throws Exception {
    // given
    Files.createDirectories(home.resolve(".caravan"));
    Outages outages = new Outages(context(home));
    OffsetDateTime since = OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS).minusHours(3);
    OffsetDateTime asked = since.plusMinutes(22);
    parked.add(new DaemonStatus.Parked("http://a:1", "503", since.toString(), asked.toString()));

    // then
    assertThat(outages.all())
        .extracting(ActivityTimeline::describe)
        .containsExactly(
            "http://a:1 not ready "
                + DisplayTime.minutes(since)
                + "–"
                + DisplayTime.minutes(asked)
                + " (last asked)");
    parked.clear();
    assertThat(new Outages(context(home)).all())
        .extracting(Outages.Outage::until)
        .containsExactly(Optional.of(asked));
  }

  private void notifyWhileTheStatusIsRead() {
    synchronized (dispatch) {
      try {
        assertThat(statusRequested.await(1, TimeUnit.MINUTES)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      pageUpdates.changed(new PipelineChange.DiskLow(""));
    }
  }

  private DaemonStatus status() {
    statusRequested.countDown();
    synchronized (dispatch) {
      return new DaemonStatus(1, 1, null, List.of(), parked);
    }
  }

  private WebContext context(Path home) {
    return new WebContext(
        Settings.of(home, Map.of(), new Properties()),
        null,
        null,
        null,
        null,
        null,
        this::status,
        List::of,
        pageUpdates);
  }
}
