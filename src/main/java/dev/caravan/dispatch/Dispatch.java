package dev.caravan.dispatch;

import dev.caravan.batch.Batch;
import dev.caravan.config.Durations;
import dev.caravan.health.Target;
import dev.caravan.run.RunOrder;
import dev.caravan.run.RunReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which run is next: knows every open batch, releases one run a target at a time and {@code
 * workers} in all, parks targets that are not ready, and is the only one that ever sends a run
 * again. Batches are served in order of acceptance, each to its end before the next on the same
 * target.
 */
public final class Dispatch {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  /**
   * How dispatch behaves.
   *
   * @param workers runs at once in all
   * @param interval time between two tries of a parked target
   * @param patience how long one outage of a target may last for one batch
   */
  public record Policy(int workers, Duration interval, Duration patience) {}

  private final Policy policy;
  private final Progress progress;
  private final Gate gate;
  private final LongSupplier nanoTime;
  private final List<OpenBatch> open = new ArrayList<>();
  private final Map<Target, String> inFlight = new HashMap<>();
  private final Map<Target, Long> parkedUntil = new HashMap<>();
  private boolean held;
  private Optional<String> closed = Optional.empty();

  /**
   * Starts with nothing to do.
   *
   * @param progress keeps the results
   * @param gate is asked before every release
   * @param nanoTime the monotonic clock
   */
  public Dispatch(Policy policy, Progress progress, Gate gate, LongSupplier nanoTime) {
    this.policy = policy;
    this.progress = progress;
    this.gate = gate;
    this.nanoTime = nanoTime;
  }

  /** Takes a batch on; runs that an earlier life finished are not run again. */
  public synchronized void open(Batch batch) {
    if (find(batch.folder()).isPresent()) {
      return;
    }
    progress.opened(batch);
    open.add(new OpenBatch(batch, index -> progress.doneBefore(batch.run(index))));
    open.sort(Comparator.comparingLong(o -> o.batch().record().sequence()));
  }

  /** Releases nothing more from now on. */
  public synchronized void hold() {
    held = true;
  }

  /** The orders to send now, as message texts. */
  public synchronized List<String> release() {
    List<String> orders = new ArrayList<>();
    if (held || open.isEmpty() || gateIsClosed()) {
      return orders;
    }
    Set<Target> taken = new HashSet<>(inFlight.keySet());
    for (OpenBatch batch : List.copyOf(open)) {
      for (Lane lane : batch.lanes()) {
        if (inFlight.size() < policy.workers() && !taken.contains(lane.target())) {
          releaseFrom(lane, orders, taken);
        }
      }
      closeIfFinished(batch);
    }
    return orders;
  }

  private boolean gateIsClosed() {
    Optional<String> now = gate.closed();
    if (!now.equals(closed)) {
      now.ifPresentOrElse(
          why -> LOG.error("Nothing starts: {}", why), () -> LOG.info("Runs start again"));
      closed = now;
    }
    return now.isPresent();
  }

  private void releaseFrom(Lane lane, List<String> orders, Set<Target> taken) {
    if (lane.needsTarget() && isParked(lane.target())) {
      taken.add(lane.target());
      return;
    }
    lane.next()
        .ifPresent(
            order -> {
              inFlight.put(lane.target(), order.runId());
              taken.add(lane.target());
              orders.add(order.json());
            });
  }

  private boolean isParked(Target target) {
    Long until = parkedUntil.get(target);
    return until != null && until - nanoTime.getAsLong() > 0;
  }

  /** Takes note of what became of an order, from the text of its report. */
  public synchronized void recorded(String json) {
    RunReport report = RunReport.of(json);
    Optional<OpenBatch> found = find(Path.of(report.batchFolder()));
    if (found.isEmpty()) {
      LOG.warn("A report came for a run of no open batch: {}", report.runId());
      return;
    }
    OpenBatch batch = found.get();
    Lane lane = batch.laneOf(report.runIndex());
    if (!inFlight.remove(lane.target(), report.runId())) {
      LOG.warn("A report came twice, or late: {}", report.runId());
      return;
    }
    switch (report.kind()) {
      case NOT_READY -> park(lane, report);
      case STOPPED -> lane.giveBack(report.runIndex());
      case INTERNAL_ERROR, ENDED -> ended(batch, lane);
    }
    closeIfFinished(batch);
  }

  private void ended(OpenBatch batch, Lane lane) {
    if (lane.needsTarget()) {
      lane.targetAnswered();
      parkedUntil.remove(lane.target());
    }
    batch.countDone();
  }

  private void park(Lane lane, RunReport report) {
    long now = nanoTime.getAsLong();
    long lasted = lane.outageLasts(now);
    lane.giveBack(report.runIndex());
    parkedUntil.put(lane.target(), now + policy.interval().toNanos());
    if (lasted >= policy.patience().toNanos()) {
      String reason =
          "not ready for " + Durations.text(Duration.ofNanos(lasted)) + ": " + report.words();
      lane.endAll(new RunOrder.Ending("unhealthy", "", reason));
      progress.gaveUp(lane.batch().batch(), lane.target(), reason);
    } else {
      progress.parked(lane.batch().batch(), lane.target(), report.words());
    }
  }

  private void closeIfFinished(OpenBatch batch) {
    if (batch.finished()) {
      open.remove(batch);
    }
  }

  private Optional<OpenBatch> find(Path folder) {
    return open.stream().filter(o -> o.batch().folder().equals(folder)).findFirst();
  }
}
