package dev.caravan;

import dev.caravan.dispatch.Gate;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** The health check "disk": down while runs do not start because a disk is nearly full. */
final class DiskHealth extends AbstractHealthCheck {

  private final Gate disk;

  DiskHealth(Gate disk) {
    super("caravan", "disk");
    this.disk = disk;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    disk.closed().ifPresentOrElse(why -> builder.message(why).down(), builder::up);
  }

  @Override
  public boolean isLiveness() {
    return false;
  }
}
