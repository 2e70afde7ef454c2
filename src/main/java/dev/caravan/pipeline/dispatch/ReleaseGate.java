package dev.caravan.pipeline.dispatch;

import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.run.HostLocks;
import java.util.Optional;

/** A condition that must hold before any run is released. */
@FunctionalInterface
public interface ReleaseGate {

  /**
   * Closed on a full disk, and, unless workers execute the runs, without a usable aiperf and where
   * nothing can be locked.
   */
  static ReleaseGate of(Settings settings, AiperfFinder aiperf, DiskGate disk, HostLocks locks) {
    return Role.of(settings).isHub()
        ? disk
        : () -> aiperf.fault().or(disk::closedReason).or(locks::closedReason);
  }

  /** Why no run may be released now; empty when the gate is open. */
  Optional<String> closedReason();
}
