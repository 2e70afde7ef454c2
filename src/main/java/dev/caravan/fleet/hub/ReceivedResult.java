package dev.caravan.fleet.hub;

/**
 * A delivery whose files are in the tree.
 *
 * @param ticket of the run it is about
 * @param report for those who record it; empty when the run was given to another meanwhile
 */
public record ReceivedResult(String ticket, String report) {

  /** Whether there is something to record. */
  public boolean isNews() {
    return !report.isEmpty();
  }
}
