package dev.caravan.fleet.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.protocol.Heartbeat;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.testing.CapturedLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerMonitorTest {

  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(10);
  private static final InFlightRun RUN =
      new InFlightRun(
          "0123456789abcdef0123456789abcdef", "a", 1, RunOrder.execute("b/1/r", "/b/1", 0));

  private final Workers workers =
      new Workers(HEARTBEAT_INTERVAL.multipliedBy(3), this::nanos, listeners());
  private final List<String> events = new ArrayList<>();
  private long nanos = Long.MAX_VALUE - 5;
  private boolean inQueue;
  private boolean connected = true;
  private boolean otherHub;
  private WorkerMonitor monitor;

  private long nanos() {
    return nanos;
  }

  @BeforeEach
  void prepare() {
    monitor =
        new WorkerMonitor(
            "hub",
            HEARTBEAT_INTERVAL,
            Duration.ofMinutes(2),
            workers,
            (pool, deliveryId) -> inQueue,
            this::nanos);
  }

  @Test
  void expiresARunThatNoWorkerReportsForALease() {
    report(Set.of(RUN.deliveryId()));
    assertThat(expiredAfter(Duration.ofSeconds(120))).isEmpty();
    assertThat(expiredAfter(Duration.ofSeconds(10))).containsExactly(RUN);
  }

  @ParameterizedTest
  @CsvSource({"2m, 10s, 5s, 140s", "8s, 1s, 5s, 19s", "1m, 20s, 1m, 145s"})
  void losesARunOnlyOnceAWorkerThatIsCutOffHasEndedIt(
      String lease, String heartbeat, String grace, String lostAfter) {
    // given
    Properties properties = new Properties();
    properties.setProperty("caravan.worker.lease", lease);
    properties.setProperty("caravan.worker.heartbeat", heartbeat);
    properties.setProperty("caravan.aiperf.interrupt-grace", grace);
    Settings settings = Settings.of(Path.of(""), Map.of(), properties);
    monitor = WorkerMonitor.of(settings, "hub", workers, (pool, deliveryId) -> false);
    // then
    assertThat(monitor.lostAfterText()).isEqualTo(lostAfter);
  }

  @Test
  void saysOnceThatAnotherHubUsesTheBroker() {
    // given
    HubHeartbeat other =
        new HubHeartbeat(HubHeartbeat.SCHEMA, "other", Map.of(), Set.of(), Set.of());
    try (CapturedLog log = CapturedLog.of(WorkerMonitor.class)) {
      // when
      for (int n = 0; n < 500; n++) {
        monitor.hubHeartbeat(other);
        nanos += HEARTBEAT_INTERVAL.toNanos();
      }
      // then
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("Another hub uses this broker: its workers may receive this hub's runs, and");
    }
  }

  @Test
  void losesNoRunWhileAnotherHubTakesItsHeartbeats() {
    // given
    otherHub = true;
    // when, then
    assertThat(expiredAfter(Duration.ofHours(1))).isEmpty();
    // when
    otherHub = false;
    // then
    assertThat(expiredAfter(Duration.ofSeconds(140))).isEmpty();
    assertThat(expiredAfter(Duration.ofSeconds(20))).containsExactly(RUN);
  }

  @Test
  void keepsARunThatAWorkerReports() {
    for (int i = 0; i < 10; i++) {
      report(Set.of(RUN.deliveryId()));
      assertThat(expiredAfter(Duration.ofSeconds(60))).isEmpty();
    }
  }

  @Test
  void keepsARunThatIsStillQueued() {
    inQueue = true;
    assertThat(expiredAfter(Duration.ofHours(1))).isEmpty();
    inQueue = false;
    assertThat(expiredAfter(Duration.ofSeconds(130))).containsExactly(RUN);
  }

  @Test
  void keepsARunThatAWorkerReturnedToTheQueue() {
    report(Set.of(RUN.deliveryId()));
    inQueue = true;
    assertThat(expiredAfter(Duration.ofSeconds(120))).isEmpty();
    assertThat(expiredAfter(Duration.ofSeconds(60))).isEmpty();
  }

  @Test
  void doesNotCountTimeWhileTheHubIsDisconnected() {
    report(Set.of(RUN.deliveryId()));
    connected = false;
    assertThat(expiredAfter(Duration.ofHours(1))).isEmpty();
    connected = true;
    assertThat(expiredAfter(Duration.ofSeconds(110))).isEmpty();
    assertThat(expiredAfter(Duration.ofSeconds(20))).containsExactly(RUN);
  }

  @ParameterizedTest
  @CsvSource({"1, 1 slot", "2, 2 slots"})
  void logsHowManySlotsAWorkerHas(int slots, String said) {
    // given
    try (CapturedLog log = CapturedLog.of(Workers.class)) {
      // when
      monitor.workerHeartbeat(
          new Heartbeat(1, "w", "h", List.of("a"), slots, "", Set.of(), Map.of(), "", false));
      // then
      assertThat(log.lines())
          .containsExactly("Worker w on h joined: " + said + ", pools [a], aiperf none");
    }
  }

  @Test
  void countsOnlySlotsOfWorkersWithRecentHeartbeats() {
    report(Set.of());
    assertThat(workers.slots("a")).isEqualTo(2);
    assertThat(workers.slots("b")).isZero();
    nanos += HEARTBEAT_INTERVAL.multipliedBy(4).toNanos();
    assertThat(workers.slots("a")).isZero();
    assertThat(events).containsExactly("joined w [a]", "lost w: no heartbeat");
  }

  @ParameterizedTest
  @CsvSource({"0.13.0, its disk is full, its disk is full", "'', '', it has no aiperf"})
  void countsNoSlotsOfAWorkerThatAcceptsNoRunsAndSaysWhy(
      String aiperf, String refusal, String why) {
    // given
    report(Set.of());
    assertThat(workers.slots("a")).isEqualTo(2);

    // when
    monitor.workerHeartbeat(
        new Heartbeat(1, "w", "host", List.of("a"), 2, aiperf, Set.of(), Map.of(), refusal, false));

    // then
    List<WorkerView> views = workers.views(id -> Optional.empty());
    assertThat(workers.slots("a")).isZero();
    assertThat(workers.count("a")).isZero();
    assertThat(views).extracting(WorkerView::whyNoRuns).containsExactly(why);
    assertThat(WorkerView.refusals(views, "a")).isEqualTo("; host accepts none: " + why);
    assertThat(WorkerView.refusals(views, "b")).isEmpty();
  }

  @Test
  void tellsWhichHooksWorkersRun() {
    // given
    Map<String, String> hooks = Map.of(RUN.deliveryId(), "hook before_variant (boot)", "x", "y");
    monitor.workerHeartbeat(
        new Heartbeat(
            1, "w", "h", List.of("a"), 2, "0.13.0", Set.of(RUN.deliveryId()), hooks, "", false));

    // when
    List<WorkerView> views =
        workers.views(id -> Optional.of("b/1").filter(run -> id.equals(RUN.deliveryId())));

    // then
    assertThat(views.get(0).hooks()).isEqualTo(Map.of("b/1", "hook before_variant (boot)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\ny", "\u001b[2K", "LONG"})
  void refusesAHookThatWouldForgeALineOfTheStatus(String hook) {
    Map<String, String> hooks = Map.of("d", hook.replace("LONG", "x".repeat(256)));
    assertThatThrownBy(
            () -> new Heartbeat(1, "w", "h", List.of(), 2, "", Set.of(), hooks, "", false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private PipelineListeners listeners() {
    PipelineListeners listeners = new PipelineListeners();
    listeners.add(
        change -> {
          if (change instanceof PipelineChange.WorkerJoined joined) {
            events.add("joined " + joined.worker() + " " + joined.pools());
          } else if (change instanceof PipelineChange.WorkerLost lost) {
            events.add("lost " + lost.worker() + ": " + lost.reason());
          }
        });
    return listeners;
  }

  private void report(Set<String> deliveryIds) {
    monitor.workerHeartbeat(
        new Heartbeat(1, "w", "host", List.of("a"), 2, "0.13.0", deliveryIds, Map.of(), "", false));
  }

  private List<InFlightRun> expiredAfter(Duration time) {
    for (long s = 0; s < time.toSeconds(); s++) {
      nanos += Duration.ofSeconds(1).toNanos();
      if (connected) {
        monitor.hubHeartbeat(new HubHeartbeat(1, "hub", Map.of(), Set.of(), Set.of()));
      }
      if (otherHub) {
        monitor.hubHeartbeat(new HubHeartbeat(1, "other", Map.of(), Set.of(), Set.of()));
      }
      List<InFlightRun> expired = monitor.expired(List.of(RUN));
      if (!expired.isEmpty()) {
        return expired;
      }
    }
    return List.of();
  }
}
