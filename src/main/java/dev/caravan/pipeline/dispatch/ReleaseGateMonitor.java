package dev.caravan.pipeline.dispatch;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a gate and says when it closes and opens. Threadsafe. */
public final class ReleaseGateMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(ReleaseGateMonitor.class);

  private final ReleaseGate gate;
  private Optional<String> closed = Optional.empty();

  /** The entrance behind this gate. */
  public ReleaseGateMonitor(ReleaseGate gate) {
    this.gate = gate;
  }

  /** Whether nothing may be released now. */
  public synchronized boolean isClosed() {
    Optional<String> now = gate.closed();
    if (!now.equals(closed)) {
      now.ifPresentOrElse(
          why -> LOG.error("Nothing starts: {}", why), () -> LOG.info("Runs start again"));
      closed = now;
    }
    return now.isPresent();
  }

  /** Why nothing was released when it was last asked; empty when all was well. */
  synchronized Optional<String> message() {
    return closed;
  }
}
