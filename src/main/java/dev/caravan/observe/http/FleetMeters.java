package dev.caravan.observe.http;

import dev.caravan.fleet.hub.FleetView;
import dev.caravan.fleet.hub.PoolView;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A hub's metrics of its workers and queues. The only tag is the pool, limited to pools that a
 * worker has served, so configs cannot create arbitrary tag values. Values that the broker does not
 * report are left out.
 */
final class FleetMeters {

  private final FleetView fleet;
  private final Supplier<DaemonStatus> status;
  private final Map<MultiGauge, Function<PoolView, Optional<Number>>> byPool =
      new LinkedHashMap<>();

  FleetMeters(FleetView fleet, Supplier<DaemonStatus> status) {
    this.fleet = fleet;
    this.status = status;
  }

  /** Registers the metrics; does nothing unless this is a hub. */
  synchronized void bindTo(MeterRegistry registry) {
    if (!fleet.isHub()) {
      return;
    }
    pool(registry, "workers", "Workers available to execute runs", p -> Optional.of(p.workers()));
    pool(registry, "slots", "Runs that workers can execute at once", p -> Optional.of(p.slots()));
    pool(
        registry,
        "runs.in.flight",
        "Runs sent and not yet finished",
        p -> Optional.of(p.inFlight()));
    pool(registry, "queue.depth", "Runs in the queue", p -> p.queue().map(q -> q.depth()));
    pool(
        registry,
        "queue.oldest.age.seconds",
        "Age of the oldest run in the queue",
        p -> p.queue().map(q -> q.oldest().toMillis() / 1000.0));
    Gauge.builder("caravan.fleet.pools.unserved", () -> status.get().unserved().size())
        .description("Pools with waiting runs but no worker")
        .register(registry);
    FunctionCounter.builder("caravan.fleet.lost", fleet, FleetView::lost)
        .description("Attempts counted as lost because no worker reported them")
        .register(registry);
    FunctionCounter.builder("caravan.fleet.redeliveries", fleet, FleetView::redelivered)
        .description("Messages redelivered to the hub")
        .register(registry);
  }

  private void pool(
      MeterRegistry registry,
      String name,
      String description,
      Function<PoolView, Optional<Number>> value) {
    byPool.put(
        MultiGauge.builder("caravan.fleet." + name).description(description).register(registry),
        value);
  }

  /** Updates the values per pool; queries the broker. */
  synchronized void refresh() {
    if (byPool.isEmpty()) {
      return;
    }
    List<PoolView> pools = fleet.pools();
    byPool.forEach(
        (gauge, value) ->
            gauge.register(
                pools.stream().flatMap(pool -> row(pool, value).stream()).toList(), true));
  }

  private static Optional<Row<?>> row(PoolView pool, Function<PoolView, Optional<Number>> value) {
    return value.apply(pool).map(number -> Row.of(Tags.of("pool", pool.pool()), number));
  }
}
