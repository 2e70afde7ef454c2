package dev.caravan.app.camel;

import dev.caravan.fleet.hub.WorkerMonitor;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The health check "broker": ready while the hub hears, through the broker, what it says itself.
 * Camel's own check stays UP without a broker.
 */
public final class BrokerHealth extends AbstractHealthCheck {

  private final WorkerMonitor watch;

  public BrokerHealth(WorkerMonitor watch) {
    super("caravan", "broker");
    this.watch = watch;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    if (watch.connected()) {
      builder.up();
    } else {
      builder.message("the broker has not answered lately").down();
    }
  }

  @Override
  public boolean isLiveness() {
    return false;
  }
}
