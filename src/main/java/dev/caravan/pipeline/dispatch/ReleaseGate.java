package dev.caravan.pipeline.dispatch;

import java.util.Optional;

/** A condition that must hold before any run is released. */
@FunctionalInterface
public interface ReleaseGate {

  /** Why no run may be released now; empty when the gate is open. */
  Optional<String> closedReason();
}
