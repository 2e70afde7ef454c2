package dev.caravan.pipeline.dispatch;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks a gate and logs when it closes and opens. Thread-safe. */
public final class ReleaseGateMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseGateMonitor.class);

  private final ReleaseGate gate;
  private volatile Optional<String> closedReason = Optional.empty();

  public ReleaseGateMonitor(ReleaseGate gate) {
    this.gate = gate;
  }

  /** Whether no run may be released now. */
  public synchronized boolean isClosed() {
    Optional<String> now = gate.closedReason();
    if (!now.equals(closedReason)) {
      now.ifPresentOrElse(
          reason -> LOG.error("Nothing starts: {}", reason), () -> LOG.info("Runs start again"));
      closedReason = now;
    }
    return now.isPresent();
  }

  /**
   * Why the gate was closed at the last check; empty when it was open. Waits for no check that goes
   * on: one of a disk may hang.
   */
  public Optional<String> closedReason() {
    return closedReason;
  }
}
