package dev.caravan;

import dev.caravan.exec.AiperfFinder;
import dev.caravan.exec.AiperfInstall;
import java.util.Map;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** The health check "aiperf": ready when there is one that answers. */
final class AiperfHealth extends AbstractHealthCheck {

  private final AiperfFinder aiperf;

  AiperfHealth(AiperfFinder aiperf) {
    super("caravan", "aiperf");
    this.aiperf = aiperf;
  }

  @Override
  protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
    if (aiperf.find() instanceof AiperfInstall.Usable usable) {
      builder.detail("version", usable.version()).up();
    } else {
      builder.message(((AiperfInstall.Unusable) aiperf.find()).words()).down();
    }
  }

  @Override
  public boolean isLiveness() {
    return false;
  }
}
