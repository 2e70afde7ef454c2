package dev.caravan.pipeline.run;

import dev.caravan.config.ReadinessRules;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.target.Readiness;
import java.net.URI;
import java.util.Optional;

/**
 * A run order on its way through the run stage: what was asked, and what is known so far.
 *
 * @param order the message
 * @param run the run it names
 * @param probe the url to ask before the start; empty when nothing is to be asked
 * @param readiness what the target answered; empty until it was asked
 * @param result what there is to report; empty until it is known
 */
public record RunTask(
    RunOrder order,
    Run run,
    Optional<URI> probe,
    Optional<Readiness> readiness,
    Optional<RunReport> result) {

  /** Whether the target is to be asked now, by the probe. */
  public boolean asksTarget() {
    return isUnasked() && !rules().completion() && probe.isPresent();
  }

  /** Whether the target is to be asked now, for a completion. */
  public boolean asksCompletion() {
    return isUnasked() && rules().completion();
  }

  /**
   * Whether what the runs need is to be tried now. Also when the target refused the probe: whether
   * it refuses the completion too decides whether there is anything to wait for.
   */
  boolean asksPreflight() {
    return rules().preflight()
        && (mayStart() || result.isEmpty() && readiness.filter(Readiness::permanent).isPresent());
  }

  /** Whether aiperf may be started now. */
  public boolean mayStart() {
    boolean asks = rules().completion() || probe.isPresent();
    return result.isEmpty() && (!asks || readiness.filter(Readiness::ready).isPresent());
  }

  /** What its batch says of readiness. */
  ReadinessRules rules() {
    return run.batch().config().readiness();
  }

  private boolean isUnasked() {
    return result.isEmpty() && readiness.isEmpty();
  }

  /** The url to ask. */
  public String probeUri() {
    return probe.orElseThrow().toString();
  }

  RunTask with(Readiness found) {
    return new RunTask(order, run, probe, Optional.of(found), result);
  }

  RunTask with(RunReport.Kind kind, String message) {
    return with(RunReport.on(order, kind, message));
  }

  RunTask with(RunReport report) {
    return new RunTask(order, run, probe, readiness, Optional.of(report));
  }
}
