package dev.caravan.app.camel;

import dev.caravan.observe.http.HealthResult;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheck.Result;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;

/** The results of all health checks that Camel knows: its own, and those of the daemon. */
public final class CamelHealth {

  private static final String MESSAGE = "message";

  private final CamelContext camel;

  public CamelHealth(CamelContext camel) {
    this.camel = camel;
  }

  /** Performs all checks. */
  public List<HealthResult> results() {
    return HealthCheckHelper.invoke(camel).stream().map(CamelHealth::result).toList();
  }

  private static HealthResult result(Result result) {
    String message =
        result.getMessage().orElse(String.valueOf(result.getDetails().getOrDefault(MESSAGE, "")));
    return new HealthResult(result.getCheck().getId(), result.getState() != State.DOWN, message);
  }
}
