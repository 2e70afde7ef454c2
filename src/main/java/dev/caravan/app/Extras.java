package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import dev.caravan.fleet.hub.FleetView;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What a daemon has beyond one that works alone. */
interface Extras {

  /** A daemon that works alone has nothing more. */
  Extras NONE = new Extras() {};

  /** More objects that routes call by name. */
  default Map<String, Object> beans(Components beans) throws IOException {
    return Map.of();
  }

  /** What it knows of workers, once its objects were made. */
  default FleetView view() {
    return FleetView.NONE;
  }

  /** The routes of this daemon, from those of one that works alone. */
  default List<String> routes(List<String> alone) {
    return alone;
  }

  /** Queues that are elsewhere. */
  default Map<Setting, String> queues() {
    return Map.of();
  }

  /** The daemon runs. */
  default void started() throws IOException {}

  /** The daemon is about to stop, and releases nothing more. */
  default void stopping() throws InterruptedException {}
}
