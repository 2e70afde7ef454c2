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
 * A hub's figures of its workers and queues. The only tag is the pool, and only pools that a worker
 * has served count, so that configs cannot make many. What the broker does not tell is left out.
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

  /** Adds them, on a hub. */
  synchronized void bindTo(MeterRegistry registry) {
    if (!fleet.isHub()) {
      return;
    }
    pool(registry, "workers", "Workers that can execute runs", p -> Optional.of(p.workers()));
    pool(registry, "slots", "Runs that workers take at once", p -> Optional.of(p.slots()));
    pool(registry, "runs.in.flight", "Runs sent, unanswered", p -> Optional.of(p.inFlight()));
    pool(registry, "queue.depth", "Runs in the queue", p -> p.queue().map(q -> q.depth()));
    pool(
        registry,
        "queue.oldest.age.seconds",
        "Age of the oldest run in the queue",
        p -> p.queue().map(q -> q.oldest().toMillis() / 1000.0));
    Gauge.builder("caravan.fleet.pools.unserved", () -> status.get().unserved().size())
        .description("Pools that runs wait for and no worker serves")
        .register(registry);
    FunctionCounter.builder("caravan.fleet.lost", fleet, FleetView::lost)
        .description("Attempts that no worker named for a lease")
        .register(registry);
    FunctionCounter.builder("caravan.fleet.redeliveries", fleet, FleetView::redelivered)
        .description("Messages that came to the hub again")
        .register(registry);
  }

  private void pool(
      MeterRegistry registry,
      String name,
      String message,
      Function<PoolView, Optional<Number>> figure) {
    byPool.put(
        MultiGauge.builder("caravan.fleet." + name).description(message).register(registry),
        figure);
  }

  /** Takes the figures anew; asks the broker. */
  synchronized void refresh() {
    if (byPool.isEmpty()) {
      return;
    }
    List<PoolView> pools = fleet.pools();
    byPool.forEach(
        (gauge, figure) ->
            gauge.register(
                pools.stream().flatMap(pool -> row(pool, figure).stream()).toList(), true));
  }

  private static Optional<Row<?>> row(PoolView pool, Function<PoolView, Optional<Number>> figure) {
    return figure.apply(pool).map(number -> Row.of(Tags.of("pool", pool.pool()), number));
  }
}
