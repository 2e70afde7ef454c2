package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.PoolView;
import dev.caravan.fleet.hub.QueueState;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FleetMetersTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private List<PoolView> pools = List.of();

  @Test
  void reportsAHubsMetricsByPool() {
    // given
    FleetMeters meters = meters(true);
    QueueState queue = new QueueState(4, Duration.ofMillis(2500));
    pools = List.of(new PoolView("a", 2, 5, 3, Optional.of(queue)));

    // when
    meters.refresh();

    // then
    assertThat(registry.scrape())
        .contains("caravan_fleet_workers{pool=\"a\"} 2.0", "caravan_fleet_slots{pool=\"a\"} 5.0")
        .contains("caravan_fleet_runs_in_flight{pool=\"a\"} 3.0")
        .contains("caravan_fleet_queue_depth{pool=\"a\"} 4.0")
        .contains("caravan_fleet_queue_oldest_age_seconds{pool=\"a\"} 2.5")
        .contains("caravan_fleet_pools_unserved 1.0", "caravan_fleet_lost_total 7.0")
        .contains("caravan_fleet_redeliveries_total 9.0");
  }

  @Test
  void leavesOutWhatTheBrokerNoLongerReports() {
    // given
    FleetMeters meters = meters(true);
    pools = List.of(new PoolView("a", 2, 5, 3, Optional.of(QueueState.EMPTY)));
    meters.refresh();
    assertThat(registry.scrape()).contains("caravan_fleet_queue_depth{pool=\"a\"} 0.0");

    // when
    pools = List.of(new PoolView("a", 1, 5, 3, Optional.empty()));
    meters.refresh();

    // then
    assertThat(registry.scrape())
        .contains("caravan_fleet_workers{pool=\"a\"} 1.0")
        .doesNotContain("caravan_fleet_queue");
  }

  @Test
  void reportsNothingUnlessItIsAHub() {
    meters(false).refresh();
    assertThat(registry.scrape()).doesNotContain("caravan_fleet");
  }

  private FleetMeters meters(boolean hub) {
    DaemonStatus status =
        new DaemonStatus(
            1,
            1,
            null,
            List.of(),
            List.of(),
            Map.of("lab", "2026-11-25T00:00:00Z"),
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            List.of());
    FleetMeters meters = new FleetMeters(hub ? new Fleet() : FleetView.NONE, () -> status);
    meters.bindTo(registry);
    return meters;
  }

  private final class Fleet implements FleetView {
    @Override
    public boolean isHub() {
      return true;
    }

    @Override
    public List<WorkerView> workers() {
      return List.of();
    }

    @Override
    public List<PoolView> pools() {
      return pools;
    }

    @Override
    public long lost() {
      return 7;
    }

    @Override
    public long redelivered() {
      return 9;
    }
  }
}
