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
 * Finds run orders whose report is overdue, so that a lost order or report cannot block a target
 * forever. Only for a Caravan that executes its own orders: orders for remote workers may wait in
 * the broker until a worker connects.
 */
final class OrderTimeouts {

  private static final Logger LOG = LoggerFactory.getLogger(OrderTimeouts.class);

  /** Added to a run's limit: time to end its process tree, and for the steps before and after. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /** What a preflight may take: the model list, a completion and a tokenizer, each limited. */
  private static final Duration PREFLIGHT = Duration.ofSeconds(130);

  /** After a longer gap between checks this process itself was stalled: reports may be pending. */
  private static final Duration STALLED_AFTER = Duration.ofSeconds(30);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

  private final LongSupplier nanoTime;
  private long lastCheck;

  OrderTimeouts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastCheck = nanoTime.getAsLong();
  }

  /** A report with the cause {@code lost} for each order whose own is overdue. */
  List<RunReport> lostReports(Collection<TargetStates.InFlight> inFlight, List<OpenBatch> open) {
    long now = nanoTime.getAsLong();
    boolean stalled = now - lastCheck > STALLED_AFTER.toNanos();
    lastCheck = now;
    List<RunReport> reports = new ArrayList<>();
    if (stalled) {
      return reports;
    }
    for (TargetStates.InFlight run : inFlight) {
      Duration waited = Duration.ofNanos(now - run.sentNanos());
      RunOrder order = run.order();
      if (open.stream().anyMatch(batch -> isOverdue(batch, order, waited))) {
        String message = "no report for " + Durations.format(waited.withNanos(0));
        LOG.error("[{}] Attempt counted as lost: {}", order.runId(), message);
        reports.add(RunReport.lost(order, message, RETRY_AFTER));
      }
    }
    return reports;
  }

  private static boolean isOverdue(OpenBatch batch, RunOrder order, Duration waited) {
    Duration before = PREFLIGHT.plus(batch.batch().config().readiness().quiet());
    return batch.batch().folder().toString().equals(order.batchFolder())
        && waited.compareTo(batch.limitOf(order.runIndex()).plus(before).plus(MARGIN)) > 0;
  }
}
