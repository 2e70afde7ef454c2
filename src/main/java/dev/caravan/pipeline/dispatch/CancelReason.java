package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Control;

/**
 * Why failed runs cancel the rest of their batch.
 *
 * @param why the rule, with the cause of the runs
 * @param message the reason of the last run, which its own log line already has
 */
record CancelReason(String why, String message) {

  /** Rule and message together, as the files of the batch keep them. */
  String text() {
    return why + ": " + message;
  }

  /** What is requested for the batch, with this cancellation. */
  Control cancel(Control control) {
    return control.withCancellation(new Control.Order("caravan", text()));
  }
}
