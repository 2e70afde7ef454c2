package dev.caravan.pipeline.hooks;

import dev.caravan.model.Batch;
import java.time.Duration;

/**
 * The hooks around batches, as dispatch and the record stage see them: a hook runs in the
 * background, and they ask again until it is over.
 */
public interface BatchHooks {

  /** For a Caravan without hooks. */
  BatchHooks NONE =
      new BatchHooks() {

        @Override
        public boolean begin(Batch batch) {
          return true;
        }

        @Override
        public boolean isRunning(Batch batch) {
          return false;
        }

        @Override
        public boolean end(Batch batch) {
          return true;
        }

        @Override
        public boolean isOver(Batch batch) {
          return true;
        }

        @Override
        public Duration allowance(Batch batch) {
          return Duration.ZERO;
        }
      };

  /** Starts what must run before the first run of a batch; true once its runs may start. */
  boolean begin(Batch batch);

  /** Whether a hook of this batch is running, so that nothing else may start on its targets. */
  boolean isRunning(Batch batch);

  /** Starts what must run after the last run of a batch; true once the batch may close. */
  boolean end(Batch batch);

  /** Whether nothing must run after the last run of a batch any more. */
  boolean isOver(Batch batch);

  /** How long the hooks around an attempt of a run may take in all. */
  Duration allowance(Batch batch);
}
