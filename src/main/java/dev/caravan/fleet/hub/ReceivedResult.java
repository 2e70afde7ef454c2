package dev.caravan.fleet.hub;

import dev.caravan.pipeline.run.RunReport;
import java.util.Optional;

/**
 * A result from a worker whose files are now in the tree.
 *
 * @param deliveryId delivery id of the run
 * @param report the report to record; empty when the run was reassigned in the meantime
 */
public record ReceivedResult(String deliveryId, Optional<RunReport> report) {

  static ReceivedResult of(String deliveryId, RunReport report) {
    return new ReceivedResult(deliveryId, Optional.of(report));
  }

  /** Whether there is a report to record. */
  public boolean needsRecording() {
    return report.isPresent();
  }
}
