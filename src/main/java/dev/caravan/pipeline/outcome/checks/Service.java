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
            + " (invalid), or since the last run of the batch of this variant, url and model (warning)",
        "One number is then about two services, or a batch compares two services as if they were"
            + " one. It is asked /v1/models, /version and the start of its process in /metrics, twice"
            + " before the run and once after, then up to four times more if it seems restarted; if"
            + " the two differ, or the former process answers once more, several replicas answer.",
        "to find out from its log why the service restarted; change it between batches");
  }

  @Override
  public boolean needsWorkload() {
    return false;
  }

  @Override
  public Examination examine(Evidence evidence, Thresholds thresholds) {
    Optional<Environment> environment = evidence.environment();
    if (environment.isEmpty()) {
      return Examination.unchecked("there is no environment.json: Caravan did not see this run");
    }
    ServiceSightings seen = environment.get().service();
    if (seen.before().isEmpty()) {
      return Examination.unchecked("the service was not asked what it is");
    }
    ServiceIdentity before = seen.before().get(0);
    if (!before.tells()) {
      return Examination.unchecked("the service does not say what it is");
    }
    OptionalDouble youngest =
        evidence.server().map(Evidence.Server::processStart).orElse(OptionalDouble.empty());
    boolean isUp = seen.after().filter(before::isRepeatedBy).isPresent();
    if (seen.comesFromReplicas() || isUp && before.isRestart(youngest)) {
      return Examination.unchecked("several replicas answer, one after another");
    }
    List<String> within = within(before, seen.after(), youngest);
    if (within.isEmpty() && seen.after().isEmpty()) {
      return Examination.unchecked("the service did not say after the run what it is");
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
