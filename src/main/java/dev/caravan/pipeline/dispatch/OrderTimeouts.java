package dev.caravan.pipeline.dispatch;

import dev.caravan.config.text.Durations;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices orders that nobody answers, so that no mishap on the way of an order or of its report
 * keeps a target waiting for ever. Only for a Caravan that executes its orders itself: those sent
 * to workers may wait in the broker for as long as no worker comes.
 */
final class OrderTimeouts {

  private static final Logger LOG = LoggerFactory.getLogger(OrderTimeouts.class);

  /** Beyond a run's limit: for ending its tree, and for what goes before and after it. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** What a preflight may take: the models, a completion and a tokenizer, each with its limit. */
  private static final Duration PREFLIGHT = Duration.ofSeconds(130);

  /** Who has not looked for so long was held up himself, and the answer may be on its way. */
  private static final Duration HELD_UP = Duration.ofSeconds(30);

  private static final Duration AGAIN_AFTER = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private long lastLook;

  OrderTimeouts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastLook = nanoTime.getAsLong();
  }

  /** What is to be taken for the report on each order that is silent too long, as message texts. */
  List<String> reports(Collection<TargetStates.Flight> flights, List<OpenBatch> open) {
    long now = nanoTime.getAsLong();
    boolean heldUp = now - lastLook > HELD_UP.toNanos();
    lastLook = now;
    List<String> reports = new ArrayList<>();
    for (TargetStates.Flight flight : heldUp ? List.<TargetStates.Flight>of() : flights) {
      Duration silent = Duration.ofNanos(now - flight.sentNanos());
      RunOrder order = flight.order();
      if (open.stream().anyMatch(batch -> isOver(batch, order, silent))) {
        String message = "nobody answered for " + Durations.format(silent.withNanos(0));
        LOG.error("[{}] Takes its attempt for lost: {}", order.runId(), message);
        reports.add(RunReport.lost(order, message, AGAIN_AFTER).json());
      }
    }
    return reports;
  }

  private static boolean isOver(OpenBatch batch, RunOrder order, Duration silent) {
    return batch.batch().folder().toString().equals(order.batchFolder())
        && silent.compareTo(batch.limitOf(order.runIndex()).plus(PREFLIGHT).plus(MARGIN)) > 0;
  }
}
