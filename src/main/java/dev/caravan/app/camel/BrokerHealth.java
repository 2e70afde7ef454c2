package dev.caravan.app.camel;

import dev.caravan.fleet.hub.WorkerMonitor;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * The health check {@code broker}: UP while the hub's own heartbeat comes back through the broker.
 * Camel's own check stays UP without a broker.
 */
public final class BrokerHealth extends AbstractHealthCheck {

  private final WorkerMonitor monitor;

  public BrokerHealth(WorkerMonitor monitor) {
    super("caravan", "broker");
    this.monitor = monitor;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    if (monitor.connected()) {
      builder.up();
    } else {
      builder.message("the broker does not respond").down();
    }
  }

  @Override
  public boolean isLiveness() {
    return false;
  }
}
