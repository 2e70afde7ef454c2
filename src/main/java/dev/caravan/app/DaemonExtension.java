package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.fleet.hub.FleetView;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a daemon with a broker adds to one that works alone. */
interface DaemonExtension {

  /** Adds nothing. */
  DaemonExtension NONE = new DaemonExtension() {};

  /** Additional beans that routes call, by name. */
  default Map<String, Object> beans(Components components) throws IOException {
    return Map.of();
  }

  /** The view of the workers; valid after {@link #beans}. */
  default FleetView view() {
    return FleetView.NONE;
  }

  /** The route files of this daemon, derived from those of a daemon that works alone. */
  default List<String> routes(List<String> alone) {
    return alone;
  }

  /** Endpoints of queues that replace the in-memory ones. */
  default Map<Setting, String> queues() {
    return Map.of();
  }

  /** Called when the daemon's routes have started. */
  default void started() throws IOException {}

  /** Called before the daemon stops, when it no longer releases runs. */
  default void stopping() throws InterruptedException {}
}
