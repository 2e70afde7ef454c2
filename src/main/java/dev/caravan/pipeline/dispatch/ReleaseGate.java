package dev.caravan.pipeline.dispatch;

import java.util.Optional;

/** Something that must be in order before any run is released. */
@FunctionalInterface
public interface ReleaseGate {

  /** Why nothing may be released now; empty when all is well. */
  Optional<String> closed();
}
