package dev.caravan.app.camel;

import dev.caravan.observe.http.HealthCheckResult;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** One of our checks as one of Camel's: part of "ready", not of "live". */
public final class DaemonHealthCheck extends AbstractHealthCheck {

  private final HealthCheckResult check;

  public DaemonHealthCheck(HealthCheckResult check) {
    super("caravan", check.name());
    this.check = check;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    HealthCheckResult.Finding found = check.look().get();
    builder.detail("message", found.message());
    if (found.well()) {
      builder.up();
    } else {
      builder.message(found.message()).down();
    }
  }

  @Override
  public boolean isLiveness() {
    return false;
  }
}
