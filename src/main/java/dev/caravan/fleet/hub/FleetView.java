package dev.caravan.fleet.hub;

import java.util.List;

/** What a Caravan knows of the workers that it gives runs to. Threadsafe. */
public interface FleetView {

  /** That of a Caravan which executes its runs itself. */
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

  /** Whether runs are given to workers at all. */
  boolean isHub();

  /** The workers that were heard of lately, by host and id. */
  List<WorkerView> workers();

  /** The pools that were served in this life or have runs under way; asks the broker. */
  List<PoolView> pools();

  /** Attempts that counted as lost in this life. */
  long lost();

  /** Messages that the broker brought this hub more than once in this life. */
  long redelivered();
}
