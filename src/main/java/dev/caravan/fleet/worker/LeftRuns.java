package dev.caravan.fleet.worker;

import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.InvalidRunOrderException;
import dev.caravan.pipeline.run.RemoteRuns;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs in a spool that nobody executes and that have no report yet. An error with one run is
 * logged once and tried again, and keeps no other from being reported. Thread-safe.
 */
final class LeftRuns {

  private static final Logger LOG = LoggerFactory.getLogger(LeftRuns.class);

  private final Spool spool;
  private final RemoteRuns runs;
  private final Map<String, String> reasons = new ConcurrentHashMap<>();
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);

  LeftRuns(Spool spool, RemoteRuns runs) {
    this.spool = spool;
    this.runs = runs;
  }

  /** Adds a run, with the reason why it counts as lost if it left no result. */
  void add(String deliveryId, String whyLost) {
    reasons.putIfAbsent(deliveryId, whyLost);
  }

  /** Stores the reports on these runs; of two calls at a time, the second waits. */
  synchronized void report() {
    reasons.keySet().stream().filter(troubles::isDue).forEach(this::report);
  }

  private void report(String deliveryId) {
    try {
      spool.repair(deliveryId);
      if (spool.contains(deliveryId) && spool.report(deliveryId).isEmpty()) {
        report(deliveryId, reasons.get(deliveryId));
      }
      reasons.remove(deliveryId);
      troubles.over(deliveryId);
    } catch (IOException | RuntimeException e) {
      if (troubles.add(deliveryId, e.toString())) {
        LOG.error("Cannot report a run; will retry: {}: {}", deliveryId, e.toString());
      }
    }
  }

  private void report(String deliveryId, String whyLost) throws IOException {
    RunOrder order = spool.order(spool.assignment(deliveryId));
    RunReport report;
    try {
      Run run = runs.run(order.batchFolder(), order.runIndex());
      report = runs.reportLeft(order, run, whyLost);
    } catch (InvalidRunOrderException e) {
      report = RunReport.lost(order, whyLost, Duration.ZERO);
    }
    LOG.warn("{}: {}: {}", order.runId(), whyLost, report.outcome());
    spool.storeReport(deliveryId, report);
  }
}
