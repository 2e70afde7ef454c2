package dev.caravan.pipeline.dispatch;

import dev.caravan.storage.RepeatedTrouble;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The edge of a batch: an error in Caravan over it holds it for a minute, and only it. */
final class BatchEdge {

  private static final Logger LOG = LoggerFactory.getLogger(BatchEdge.class);
  private static final Duration HOLD = Duration.ofMinutes(1);

  private final LongSupplier nanoTime;
  private final RepeatedTrouble troubles;

  BatchEdge(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.troubles = new RepeatedTrouble(nanoTime);
  }

  /** Does something for a batch. */
  void run(OpenBatch batch, Runnable action) {
    run(batch.queues().get(0), action);
  }

  /** Does something for the runs of a queue. */
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
