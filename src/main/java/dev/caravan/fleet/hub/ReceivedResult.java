package dev.caravan.fleet.hub;

/**
 * A delivery whose files are in the tree.
 *
 * @param deliveryId of the run it is about
 * @param report for those who record it; empty when the run was given to another meanwhile
 */
public record ReceivedResult(String deliveryId, String report) {

  /** Whether there is something to record. */
  public boolean needsRecording() {
    return !report.isEmpty();
  }
}
