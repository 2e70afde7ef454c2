package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.Assignment;
import dev.caravan.pipeline.run.RunReport;

/**
 * What to send for an order: an assignment to the workers of a pool, or a report right away.
 *
 * @param message an {@link Assignment} or a {@link RunReport}
 * @param pool the pool whose queue receives it; empty for a report
 * @param deliveryId identifies the delivery; the broker drops a second message with the same id
 */
public record OutgoingRun(Record message, String pool, String deliveryId) {

  static OutgoingRun report(RunReport report) {
    return new OutgoingRun(report, "", "");
  }

  static OutgoingRun assignment(Assignment assignment, String pool) {
    return new OutgoingRun(assignment, pool, assignment.deliveryId());
  }

  /** Whether this is a report rather than a message to workers. */
  public boolean isReport() {
    return message instanceof RunReport;
  }
}
