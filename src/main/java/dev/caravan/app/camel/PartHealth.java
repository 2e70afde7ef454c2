package dev.caravan.app.camel;

import dev.caravan.observe.http.Check;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** One of our checks as one of Camel's: part of "ready", not of "live". */
public final class PartHealth extends AbstractHealthCheck {

  private final Check check;

  public PartHealth(Check check) {
    super("caravan", check.name());
    this.check = check;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    Check.Finding found = check.look().get();
    builder.detail("words", found.words());
    if (found.well()) {
      builder.up();
    } else {
      builder.message(found.words()).down();
    }
  }

  @Override
  public boolean isLiveness() {
    return false;
  }
}
