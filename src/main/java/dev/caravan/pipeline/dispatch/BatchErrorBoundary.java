package dev.caravan.pipeline.dispatch;

import dev.caravan.storage.RepeatedTrouble;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an internal error while one batch is handled from reaching the others: that batch alone is
 * held for a minute, then tried again.
 */
final class BatchErrorBoundary {

  private static final Logger LOG = LoggerFactory.getLogger(BatchErrorBoundary.class);
  private static final Duration HOLD = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final RepeatedTrouble troubles;

  BatchErrorBoundary(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.troubles = new RepeatedTrouble(nanoTime);
  }

  /** Runs an action on a batch; on an internal error, holds its first queue. */
  void run(OpenBatch batch, Runnable action) {
    run(batch.queues().get(0), action);
  }

  /** Runs an action on a queue; on an internal error, holds that queue. */
  void run(TargetQueue queue, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | StackOverflowError e) {
      String batch = queue.batch().batch().id();
      if (troubles.add(batch, e.toString())) {
        LOG.error("[{}] Internal error; the batch waits and will be retried", batch, e);
      }
      queue.hold("internal error: " + e, nanoTime.getAsLong() + HOLD.toNanos());
    }
  }
}
