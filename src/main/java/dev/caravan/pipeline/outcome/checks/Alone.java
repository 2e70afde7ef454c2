package dev.caravan.pipeline.outcome.checks;

import dev.caravan.pipeline.environment.ServingEngine;
import java.util.Optional;
import java.util.OptionalDouble;

/** Other clients of the service. */
final class Alone implements Check {

  @Override
  public Description description() {
    return new Description(
        "alone",
        "requests in progress at the service beyond those of the run",
        Thresholds.above(Level.WARNING, 1),
        "on average, or in one scrape of twenty, the service has more requests in progress than"
            + " the run has connections plus one (times the choices, n, and the inputs of a"
            + " request), according to the metrics of "
            + ServingEngine.titles(),
        "The run measures only the share of the service that other clients leave.",
        "send the other clients elsewhere, or run when they are idle");
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Optional<Evidence.Server> server = evidence.server();
    if (server.isEmpty() || server.get().running().isEmpty()) {
      return Examination.unchecked(
          "server_metrics_export.json has no number of requests in progress by a name of "
              + ServingEngine.titles());
    }
    if (server.get().engines() > 1) {
      return Examination.unchecked("several engines report their requests");
    }
    OptionalDouble most = server.get().mostRunning();
    double seen = Math.max(server.get().running().getAsDouble(), most.orElse(0));
    int own = evidence.workload().mostInFlight();
    String message =
        "the service had %s requests in progress, but the run sends at most %s at a time"
            .formatted(Figures.number(seen), Figures.count(own));
    return compare(seen - own, thresholds, message, description().advice());
  }
}
