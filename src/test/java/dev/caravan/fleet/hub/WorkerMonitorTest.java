package dev.caravan.fleet.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.protocol.Heartbeat;
import dev.caravan.model.RunOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WorkerMonitorTest {

  private static final Duration BEAT = Duration.ofSeconds(10);
  private static final InFlightRun FLIGHT =
      new InFlightRun(
          "0123456789abcdef0123456789abcdef", "a", 1, RunOrder.execute("b/1/r", "/b/1", 0));

  private final Workers workers = new Workers(BEAT.multipliedBy(3), this::nanos, new Told());
  private final List<String> told = new ArrayList<>();
  private long nanos = Long.MAX_VALUE - 5;
  private boolean inQueue;
  private boolean connected = true;
  private WorkerMonitor watch;

  private long nanos() {
    return nanos;
  }

  @BeforeEach
  void prepare() {
    watch =
        new WorkerMonitor(
            "hub",
            BEAT,
            Duration.ofMinutes(2),
            workers,
            (pool, deliveryId) -> inQueue,
            this::nanos);
  }

  @Test
  void losesARunThatNobodyNamesForALease() {
    named(Set.of(FLIGHT.deliveryId()));
    assertThat(lostAfter(Duration.ofSeconds(120))).isEmpty();
    assertThat(lostAfter(Duration.ofSeconds(10))).containsExactly(FLIGHT);
  }

  @Test
  void losesNothingThatIsNamed() {
    for (int i = 0; i < 10; i++) {
      named(Set.of(FLIGHT.deliveryId()));
      assertThat(lostAfter(Duration.ofSeconds(60))).isEmpty();
    }
  }

  @Test
  void losesNothingThatWaitsInTheQueue() {
    inQueue = true;
    assertThat(lostAfter(Duration.ofHours(1))).isEmpty();
    inQueue = false;
    assertThat(lostAfter(Duration.ofSeconds(130))).containsExactly(FLIGHT);
  }

  @Test
  void losesNothingThatAWorkerGaveBackToTheQueue() {
    named(Set.of(FLIGHT.deliveryId()));
    inQueue = true;
    assertThat(lostAfter(Duration.ofSeconds(120))).isEmpty();
    assertThat(lostAfter(Duration.ofSeconds(60))).isEmpty();
  }

  @Test
  void countsNoTimeInWhichItIsCutOffItself() {
    named(Set.of(FLIGHT.deliveryId()));
    connected = false;
    assertThat(lostAfter(Duration.ofHours(1))).isEmpty();
    connected = true;
    assertThat(lostAfter(Duration.ofSeconds(110))).isEmpty();
    assertThat(lostAfter(Duration.ofSeconds(20))).containsExactly(FLIGHT);
  }

  @Test
  void countsTheSlotsOfThoseWhoLive() {
    named(Set.of());
    assertThat(workers.slots("a")).isEqualTo(2);
    assertThat(workers.slots("b")).isZero();
    nanos += BEAT.multipliedBy(4).toNanos();
    assertThat(workers.slots("a")).isZero();
    assertThat(told).containsExactly("joined w [a]", "lost w: it is silent");
  }

  private final class Told implements WorkerListener {
    @Override
    public void joined(String worker, List<String> pools) {
      told.add("joined " + worker + " " + pools);
    }

    @Override
    public void lost(String worker, String message) {
      told.add("lost " + worker + ": " + message);
    }
  }

  private void named(Set<String> deliveryIds) {
    watch.heard(
        new Heartbeat(1, "w", "host", List.of("a"), 2, "0.13.0", deliveryIds, false).json());
  }

  private List<InFlightRun> lostAfter(Duration time) {
    for (long s = 0; s < time.toSeconds(); s++) {
      nanos += Duration.ofSeconds(1).toNanos();
      if (connected) {
        watch.heardHub(new HubHeartbeat(1, "hub", Map.of(), Set.of()).json());
      }
      List<InFlightRun> lost = watch.lost(List.of(FLIGHT));
      if (!lost.isEmpty()) {
        return lost;
      }
    }
    return List.of();
  }
}
