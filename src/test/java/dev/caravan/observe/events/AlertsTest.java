package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AlertsTest {

  private static final Duration PARKED_FOR = Duration.ofMinutes(10);

  private final EventFeed feed = new EventFeed(EventLog.none());
  private List<DaemonStatus.Parked> parked = List.of();
  private Optional<String> diskClosed = Optional.empty();
  private final Alerts alerts =
      new Alerts(
          new EventPublisher(
              feed,
              new EventFactory(new Home(Path.of("/home")), "id"),
              new ControlStore(new DurableFiles())),
          () -> new DaemonStatus(1, 1, null, List.of(), parked, Map.of(), List.of()),
          () -> diskClosed,
          PARKED_FOR);

  @AfterEach
  void close() {
    feed.close();
  }

  @Test
  void publishesATargetThatStaysParkedOnce() throws Exception {
    // when
    parked = List.of(parked("http://a:80", 9), parked("http://b:80", 11));
    alerts.check();
    parked = List.of(parked.get(0), withOtherMessage(parked.get(1)));
    alerts.check();
    // then
    assertThat(published())
        .singleElement()
        .asString()
        .contains("target.parked", "http://b:80", "503");
    // when
    parked = List.of();
    alerts.check();
    parked = List.of(parked("http://b:80", 12));
    alerts.check();
    // then
    assertThat(published()).hasSize(2);
  }

  @Test
  void publishesEachTimeTheDiskRunsLowOnce() throws Exception {
    // when
    diskClosed = Optional.of("3 MB are free");
    alerts.check();
    alerts.check();
    // then
    assertThat(published()).singleElement().asString().contains("disk.low", "3 MB are free");
    // when
    diskClosed = Optional.empty();
    alerts.check();
    diskClosed = Optional.of("2 MB are free");
    alerts.check();
    // then
    assertThat(published()).hasSize(2);
  }

  private static DaemonStatus.Parked parked(String target, int minutes) {
    return new DaemonStatus.Parked(
        target, "answers 503", OffsetDateTime.now().minusMinutes(minutes).toString());
  }

  private static DaemonStatus.Parked withOtherMessage(DaemonStatus.Parked target) {
    return new DaemonStatus.Parked(target.target(), "refuses connections", target.since());
  }

  private List<String> published() throws Exception {
    feed.addAndWait(SampleEvents.end(String.valueOf(System.nanoTime())));
    return feed.after(0, 99).stream()
        .filter(event -> !event.is(EventType.BATCH_FINISHED))
        .map(StoredEvent::json)
        .toList();
  }
}
