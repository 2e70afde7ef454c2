package dev.caravan.app.camel;

import dev.caravan.observe.http.HealthCheck;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** One of our checks as one of Camel's: part of "ready", not of "live". */
public final class DaemonHealthCheck extends AbstractHealthCheck {

  private final HealthCheck check;

  public DaemonHealthCheck(HealthCheck check) {
    super("caravan", check.name());
    this.check = check;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    HealthCheck.Result found = check.run();
    builder.detail("message", found.message());
    if (found.healthy()) {
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
