package dev.caravan.run;

import dev.caravan.batch.Run;
import dev.caravan.health.Readiness;
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

  /** Whether the target is to be asked now. */
  public boolean asksTarget() {
    return result.isEmpty() && probe.isPresent() && readiness.isEmpty();
  }

  /** Whether aiperf may be started now. */
  public boolean mayStart() {
    return result.isEmpty() && (probe.isEmpty() || readiness.filter(Readiness::ready).isPresent());
  }

  /** The url to ask. */
  public String probeUri() {
    return probe.orElseThrow().toString();
  }

  RunTask with(Readiness found) {
    return new RunTask(order, run, probe, Optional.of(found), result);
  }

  RunTask with(RunReport.Kind kind, String words) {
    return with(RunReport.on(order, kind, words));
  }

  RunTask with(RunReport report) {
    return new RunTask(order, run, probe, readiness, Optional.of(report));
  }
}
