package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineListeners;
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
  private List<DaemonStatus.Held> held = List.of();
  private Optional<String> diskClosed = Optional.empty();
  private final Alerts alerts =
      new Alerts(
          listeners(),
          () ->
              new DaemonStatus(
                  1, 1, null, List.of(), parked, Map.of(), held, List.of(), Map.of(), List.of(),
                  List.of()),
          () -> diskClosed,
          PARKED_FOR);

  private PipelineListeners listeners() {
    PipelineListeners listeners = new PipelineListeners();
    EventFactory factory = new EventFactory(new Home(Path.of("/home")), "id");
    listeners.add(new EventPublisher(feed, factory, new ControlStore(new DurableFiles())));
    return listeners;
  }

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
  void publishesABatchThatItsTargetKeepsRefusingOnce() throws Exception {
    // when
    held = List.of(held("a/1", 9), held("b/1", 11));
    alerts.check();
    alerts.check();
    // then
    assertThat(published())
        .singleElement()
        .asString()
        .contains("batch.held", "\"subject\":\"b/1\"", "http://h:80", "403");
    // when
    held = List.of();
    alerts.check();
    held = List.of(held("b/1", 12), held("a/1", 10));
    alerts.check();
    // then
    assertThat(published()).hasSize(3);
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
    long now = System.currentTimeMillis();
    await().until(() -> System.currentTimeMillis() > now); // its id has the milliseconds
    diskClosed = Optional.of("2 MB are free");
    alerts.check();
    // then
    assertThat(published()).hasSize(2);
  }

  private static DaemonStatus.Parked parked(String target, int minutes) {
    return new DaemonStatus.Parked(
        target, "answers 503", OffsetDateTime.now().minusMinutes(minutes).toString());
  }

  private static DaemonStatus.Held held(String batch, int minutes) {
    String since = OffsetDateTime.now().minusMinutes(minutes).toString();
    return new DaemonStatus.Held(
        batch, "/home/aiperf_results/" + batch, "http://h:80", "answers 403", since);
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
