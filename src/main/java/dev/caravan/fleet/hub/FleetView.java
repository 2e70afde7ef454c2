package dev.caravan.fleet.hub;

import dev.caravan.pipeline.dispatch.DaemonStatus;
import java.util.List;

/**
 * A read-only view of the workers and pools of a hub, for status, pages and metrics. Thread-safe.
 */
public interface FleetView {

  /** The view of a Caravan that executes its runs itself. */
  FleetView NONE =
      new FleetView() {
        @Override
        public boolean isHub() {
          return false;
        }

        @Override
        public List<WorkerView> workers() {
          return List.of();
        }

        @Override
        public List<PoolView> pools() {
          return List.of();
        }

        @Override
        public long lost() {
          return 0;
        }

        @Override
        public long redelivered() {
          return 0;
        }
      };

  /** Whether this Caravan assigns runs to workers. */
  boolean isHub();

  /** The workers with a recent heartbeat, sorted by host and id. */
  List<WorkerView> workers();

  /** The pools that have had workers since the start or have runs in flight; queries the broker. */
  List<PoolView> pools();

  /** The status of the daemon, with which of the runs that it sent its workers have. */
  default DaemonStatus seen(DaemonStatus status) {
    return status;
  }

  /** Attempts that counted as lost since this process started. */
  long lost();

  /** Messages that the broker redelivered to this hub since this process started. */
  long redelivered();
}
