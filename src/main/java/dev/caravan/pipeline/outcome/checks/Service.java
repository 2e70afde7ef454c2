package dev.caravan.pipeline.outcome.checks;

import dev.caravan.pipeline.environment.Environment;
import dev.caravan.pipeline.environment.ServiceIdentity;
import dev.caravan.pipeline.environment.ServiceSightings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A service that became another one. */
final class Service implements Check {

  @Override
  public Description description() {
    return new Description(
        "service",
        "properties of the service that changed",
        Thresholds.above(Level.WARNING, 0).and(Level.INVALID, 0),
        "the service restarted, or its version or the root of its model changed: during the run"
            + " (invalid), or since the batch's last run with this variant, url and model"
            + " (warning)",
        "One number then describes two services, or a batch compares two services as if they were"
            + " one. Caravan requests /v1/models, /version and the process start time in /metrics,"
            + " twice before the run and once after it, then up to four more times if the service"
            + " seems restarted. If the two answers differ, or the former process answers again,"
            + " several replicas answer.",
        "find out from the service's log why it restarted; change the service only between batches");
  }

  @Override
  public boolean needsWorkload() {
    return false;
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Optional<Environment> environment = evidence.environment();
    if (environment.isEmpty()) {
      return Examination.unchecked("no environment.json: Caravan did not observe this run");
    }
    ServiceSightings seen = environment.get().service();
    if (seen.before().isEmpty()) {
      return Examination.unchecked("Caravan did not ask the service for its identity");
    }
    ServiceIdentity before = seen.before().get(0);
    if (!before.saysAnything()) {
      return Examination.unchecked("the service does not identify itself");
    }
    OptionalDouble youngest =
        evidence.server().map(Evidence.Server::processStart).orElse(OptionalDouble.empty());
    boolean isUp = seen.after().filter(before::isRepeatedBy).isPresent();
    if (seen.comesFromReplicas() || isUp && before.isRestart(youngest)) {
      return Examination.unchecked("several replicas answer in turn");
    }
    List<String> within = within(before, seen.after(), youngest);
    if (within.isEmpty() && seen.after().isEmpty()) {
      return Examination.unchecked("the service did not identify itself after the run");
    }
    return found(Level.INVALID, within, "during the run", thresholds)
        .or(() -> sinceLastRun(seen, before, thresholds))
        .orElse(Examination.SILENT);
  }

  private static List<String> within(
      ServiceIdentity before, Optional<ServiceIdentity> after, OptionalDouble youngest) {
    List<String> changes = new ArrayList<>(after.map(before::changes).orElse(List.of()));
    if (before.isRestart(youngest) && !changes.contains(ServiceIdentity.RESTARTED)) {
      changes.add(ServiceIdentity.RESTARTED);
    }
    return changes;
  }

  private Optional<Examination> sinceLastRun(
      ServiceSightings seen, ServiceIdentity before, Thresholds thresholds) {
    String run = seen.previousRun().isEmpty() ? "" : " (" + seen.previousRun() + ")";
    return seen.previous()
        .flatMap(
            last ->
                found(
                    Level.WARNING,
                    last.changes(before),
                    "since the last run against it" + run,
                    thresholds));
  }

  private Optional<Examination> found(
      Level level, List<String> changes, String when, Thresholds thresholds) {
    return changes.size() <= thresholds.of(level)
        ? Optional.empty()
        : Optional.of(
            finding(
                level,
                changes.size(),
                thresholds.of(level),
                "the service changed " + when + ": " + String.join(", ", changes),
                description().advice()));
  }
}
