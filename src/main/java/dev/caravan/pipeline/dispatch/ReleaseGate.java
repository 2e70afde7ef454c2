package dev.caravan.pipeline.dispatch;

import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.process.AiperfFinder;
import java.util.Optional;

/** A condition that must hold before any run is released. */
@FunctionalInterface
public interface ReleaseGate {

  /** Closed without a usable aiperf, unless workers execute the runs, and on a full disk. */
  static ReleaseGate of(Settings settings, AiperfFinder aiperf, DiskGate disk) {
    return Role.of(settings).isHub() ? disk : () -> aiperf.fault().or(disk::closedReason);
  }

  /** Why no run may be released now; empty when the gate is open. */
  Optional<String> closedReason();
}
