package dev.caravan.fleet.hub;

import dev.caravan.pipeline.run.RunReport;

/** The properties of a hub's messages that its routes need. */
public final class HubMessages {

  /** The content to send for an order. */
  public Record message(OutgoingRun outgoing) {
    return outgoing.message();
  }

  /** Whether this is a report rather than a message to workers. */
  public boolean isReport(OutgoingRun outgoing) {
    return outgoing.isReport();
  }

  /** What identifies a delivery. */
  public String deliveryId(OutgoingRun outgoing) {
    return outgoing.deliveryId();
  }

  /** The pool whose workers receive a run. */
  public String pool(OutgoingRun outgoing) {
    return outgoing.pool();
  }

  /** Whether there is a report to record. */
  public boolean needsRecording(ReceivedResult received) {
    return received.needsRecording();
  }

  /** The report to record, if the result needs recording. */
  public RunReport report(ReceivedResult received) {
    return received.report().orElseThrow();
  }

  /** What identifies the delivery that has a result. */
  public String receivedId(ReceivedResult received) {
    return received.deliveryId();
  }
}
