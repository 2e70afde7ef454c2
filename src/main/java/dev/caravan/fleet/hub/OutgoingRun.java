package dev.caravan.fleet.hub;

import dev.caravan.pipeline.run.RunReport;

/**
 * What is to be done for an order: a message to a pool's workers, or a report at once.
 *
 * @param text the message
 * @param pool whose queue it goes to; empty for a report
 * @param deliveryId names the sending; the broker drops a second message with it
 */
public record OutgoingRun(String text, String pool, String deliveryId) {

  static OutgoingRun report(RunReport report) {
    return new OutgoingRun(report.json(), "", "");
  }

  /** Whether the run needs no worker. */
  public boolean isReport() {
    return pool.isEmpty();
  }
}
