package dev.caravan.pipeline.run;

import dev.caravan.config.ReadinessRules;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.target.Readiness;
import java.net.URI;
import java.util.Optional;

/**
 * A run order on its way through the run stage.
 *
 * @param order the message
 * @param run the run that it names
 * @param probe the URL to probe before the start; empty when there is no probe
 * @param readiness the result of the probe; empty until then
 * @param result the report; empty until it is known
 */
public record RunTask(
    RunOrder order,
    Run run,
    Optional<URI> probe,
    Optional<Readiness> readiness,
    Optional<RunReport> result) {

  /** Whether the target must now be probed with a plain request. */
  public boolean needsProbe() {
    return isUnprobed() && !rules().completion() && probe.isPresent();
  }

  /** Whether the target must now be probed with a completion. */
  public boolean needsCompletion() {
    return isUnprobed() && rules().completion();
  }

  /**
   * Whether the preflight checks are due. They are also due when the target refused the probe: then
   * the completion decides, since that is what the run will request.
   */
  boolean needsPreflight() {
    return rules().preflight() && (mayStart() || isRefused());
  }

  /** Whether the target refused the probe, and no completion has shown since that it is ready. */
  boolean isRefused() {
    return result.isEmpty() && readiness.filter(Readiness::refused).isPresent();
  }

  /** Whether aiperf may be started now. */
  public boolean mayStart() {
    boolean hasProbe = rules().completion() || probe.isPresent();
    return result.isEmpty() && (!hasProbe || readiness.filter(Readiness::ready).isPresent());
  }

  /** The readiness rules of its batch. */
  ReadinessRules rules() {
    return run.batch().config().readiness();
  }

  private boolean isUnprobed() {
    return result.isEmpty() && readiness.isEmpty();
  }

  /** The report; that of its probe if nothing was started. */
  RunReport report() {
    return result.orElseGet(
        () ->
            RunReport.on(
                order,
                isRefused() ? RunReport.Kind.REFUSED : RunReport.Kind.NOT_READY,
                readiness.orElseThrow().message()));
  }

  /** The URL to probe. */
  public String probeUri() {
    return probe.orElseThrow().toString();
  }

  RunTask with(Readiness probed) {
    return new RunTask(order, run, probe, Optional.of(probed), result);
  }

  RunTask with(RunReport.Kind kind, String message) {
    return with(RunReport.on(order, kind, message));
  }

  RunTask with(RunReport report) {
    return new RunTask(order, run, probe, readiness, Optional.of(report));
  }
}
