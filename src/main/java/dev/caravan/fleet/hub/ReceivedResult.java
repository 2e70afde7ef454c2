package dev.caravan.fleet.hub;

/**
 * A result from a worker whose files are now in the tree.
 *
 * @param deliveryId delivery id of the run
 * @param report the report to record; empty when the run was reassigned in the meantime
 */
public record ReceivedResult(String deliveryId, String report) {

  /** Whether there is a report to record. */
  public boolean needsRecording() {
    return !report.isEmpty();
  }
}
