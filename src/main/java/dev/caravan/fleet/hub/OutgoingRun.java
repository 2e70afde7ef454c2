package dev.caravan.fleet.hub;

import dev.caravan.pipeline.run.RunReport;

/**
 * What to send for an order: a message to the workers of a pool, or a report right away.
 *
 * @param text the message body
 * @param pool the pool whose queue receives it; empty for a report
 * @param deliveryId identifies the delivery; the broker drops a second message with the same id
 */
public record OutgoingRun(String text, String pool, String deliveryId) {

  static OutgoingRun report(RunReport report) {
    return new OutgoingRun(report.json(), "", "");
  }

  /** Whether this is a report rather than a message to workers. */
  public boolean isReport() {
    return pool.isEmpty();
  }
}
