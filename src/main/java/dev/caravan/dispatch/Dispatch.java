package dev.caravan.dispatch;

import dev.caravan.batch.Accepted;
import dev.caravan.batch.Batch;
import dev.caravan.batch.Control;
import dev.caravan.batch.Controls;
import dev.caravan.config.Durations;
import dev.caravan.config.ReadinessRules;
import dev.caravan.health.Target;
import dev.caravan.run.RunOrder;
import dev.caravan.run.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
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
   * @param interval time between the first two tries of a target that is not ready; it grows
   * @param patience how long one outage of a target may last for one batch; a batch's own rules go
   *     before both
   */
  public record Policy(int workers, Duration interval, Duration patience) {}

  private final Policy policy;
  private final Progress progress;
  private final Controls controls;
  private final Gate gate;
  private final LongSupplier nanoTime;
  private final Targets targets;
  private final Pauses pauses;
  private final List<OpenBatch> open = new ArrayList<>();
  private boolean held;
  private Optional<String> closed = Optional.empty();

  /**
   * Starts with nothing to do.
   *
   * @param progress keeps the results
   * @param controls keeps the orders of people
   * @param gate is asked before every release
   * @param nanoTime the monotonic clock
   */
  public Dispatch(
      Policy policy, Progress progress, Controls controls, Gate gate, LongSupplier nanoTime) {
    this(
        policy, progress, controls, gate, nanoTime, () -> ThreadLocalRandom.current().nextDouble());
  }

  Dispatch(
      Policy policy,
      Progress progress,
      Controls controls,
      Gate gate,
      LongSupplier nanoTime,
      DoubleSupplier random) {
    this.policy = policy;
    this.progress = progress;
    this.controls = controls;
    this.gate = gate;
    this.nanoTime = nanoTime;
    this.targets = new Targets(nanoTime);
    this.pauses = new Pauses(random);
  }

  /** Takes a batch on; runs that an earlier life finished are not run again. */
  public synchronized void open(Batch batch) throws IOException {
    if (find(batch.folder()).isPresent()) {
      return;
    }
    progress.opened(batch);
    OpenBatch opened = new OpenBatch(batch, index -> progress.doneBefore(batch.run(index)));
    Control control = controls.of(batch);
    opened.pause(control.paused().isPresent());
    control.cancelled().ifPresent(order -> opened.cancel());
    open.add(opened);
    open.sort(Comparator.comparingLong(o -> o.batch().record().sequence()));
  }

  /** Takes on what was accepted: a batch, or one run of it again. */
  public synchronized void take(Accepted accepted) throws IOException {
    if (accepted.again().isEmpty()) {
      open(accepted.batch());
      return;
    }
    int index = accepted.again().getAsInt();
    Optional<OpenBatch> found = find(accepted.batch().folder());
    progress.again(accepted.batch().run(index));
    if (found.isPresent()) {
      found.get().again(index);
    } else {
      open(accepted.batch());
    }
  }

  /** Releases nothing more from now on. */
  public synchronized void hold() {
    held = true;
  }

  /** The orders to send now, as message texts. */
  public synchronized List<String> release() {
    List<String> orders = new ArrayList<>();
    if (held || open.isEmpty()) {
      return orders;
    }
    if (!gateIsClosed()) {
      Set<Target> taken = new HashSet<>();
      open.stream()
          .filter(OpenBatch::mayRelease)
          .flatMap(batch -> batch.lanes().stream())
          .forEach(lane -> releaseFrom(lane, orders, taken));
    }
    List.copyOf(open).forEach(this::closeIfFinished);
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
    Target target = lane.target();
    boolean free = !taken.contains(target) && !targets.inFlight(target);
    if (!free || targets.countInFlight() >= policy.workers()) {
      return;
    }
    if (lane.needsTarget() && targets.heldBack(target)) {
      taken.add(target);
      return;
    }
    lane.next(nanoTime.getAsLong())
        .ifPresent(
            order -> {
              targets.release(target, order.runId());
              lane.batch().released();
              orders.add(order.json());
            });
  }

  /** Takes note of what became of an order, from the text of its report. */
  public synchronized void recorded(String json) throws IOException {
    RunReport report = RunReport.of(json);
    Optional<OpenBatch> found = find(Path.of(report.batchFolder()));
    if (found.isEmpty()) {
      LOG.warn("A report came for a run of no open batch: {}", report.runId());
      return;
    }
    OpenBatch batch = found.get();
    Lane lane = batch.laneOf(report.runIndex());
    if (!targets.answered(lane.target(), report.runId())) {
      LOG.warn("A report came twice, or late: {}", report.runId());
      return;
    }
    batch.answered();
    take(batch, lane, report);
  }

  private void take(OpenBatch batch, Lane lane, RunReport report) throws IOException {
    int index = report.runIndex();
    long now = nanoTime.getAsLong();
    switch (report.kind()) {
      case NOT_READY -> notReady(lane, report, now);
      case BUSY -> busy(lane, report, now);
      case STOPPED -> lane.giveBack(index);
      case RETRY -> {
        lane.targetAnswered();
        lane.giveBackFor(index, now + Duration.ofMillis(report.retryAfterMillis()).toNanos());
      }
      case INTERNAL_ERROR, ENDED -> ended(batch, lane, report);
    }
  }

  private void ended(OpenBatch batch, Lane lane, RunReport report) throws IOException {
    if (lane.needsTarget()) {
      lane.targetAnswered();
      targets.unpark(lane.target());
    }
    Optional<String> pointless = batch.ended(report);
    if (pointless.isPresent() && !batch.finished()) {
      cancel(batch.batch().folder(), new Control.Order("caravan", pointless.get()));
    }
  }

  private void busy(Lane lane, RunReport report, long now) {
    lane.giveBack(report.runIndex());
    targets.park(lane.target(), now + policy.interval().toNanos());
    progress.parked(lane.batch().batch(), lane.target(), "is busy: " + report.words());
  }

  private void notReady(Lane lane, RunReport report, long now) {
    long lasted = lane.outageLasts(now);
    lane.giveBack(report.runIndex());
    ReadinessRules rules = lane.batch().batch().config().readiness();
    Duration pause = pauses.next(rules.interval().orElse(policy.interval()), lane.countPause());
    targets.park(lane.target(), now + pause.toNanos());
    if (lasted < rules.patience().orElse(policy.patience()).toNanos()) {
      progress.parked(lane.batch().batch(), lane.target(), "is not ready: " + report.words());
      return;
    }
    String reason =
        "not ready for "
            + Durations.text(Duration.ofSeconds(lasted / 1_000_000_000L))
            + ": "
            + report.words();
    lane.endAll(new RunOrder.Ending("unhealthy", "", reason));
    progress.gaveUp(lane.batch().batch(), lane.target(), reason);
  }

  /**
   * Starts nothing more of a batch; the run under way is not touched. False when it is not open.
   */
  public synchronized boolean cancel(Path batchFolder, Control.Order order) throws IOException {
    Optional<OpenBatch> found = find(batchFolder);
    if (found.isPresent() && !found.get().isCancelled()) {
      Batch batch = found.get().batch();
      controls.write(batch, controls.of(batch).cancelledBy(order));
      found.get().cancel();
      LOG.warn(
          "[{}] What has not started is cancelled by {}: {}", batch.id(), order.by(), order.why());
    }
    return found.isPresent();
  }

  /** Holds back what has not started of a batch, or lets it go on. False when it is not open. */
  public synchronized boolean pause(Path batchFolder, boolean hold, Control.Order order)
      throws IOException {
    Optional<OpenBatch> found = find(batchFolder);
    if (found.isPresent()) {
      Batch batch = found.get().batch();
      controls.write(
          batch, controls.of(batch).pausedBy(hold ? Optional.of(order) : Optional.empty()));
      found.get().pause(hold);
      LOG.info("[{}] {} by {}", batch.id(), hold ? "Paused" : "Resumed", order.by());
    }
    return found.isPresent();
  }

  /** Holds back everything on a target, or lets it go on; not kept beyond this life. */
  public synchronized void pause(Target target, boolean hold) {
    targets.pause(target, hold);
    LOG.info("{} {}", hold ? "Paused" : "Resumed", target);
  }

  /** The open batches in the order in which they are served. */
  public synchronized List<Batch> queue() {
    return open.stream().map(OpenBatch::batch).toList();
  }

  private void closeIfFinished(OpenBatch batch) {
    if (batch.finished()) {
      open.remove(batch);
      if (batch.isCancelled()) {
        progress.cancelled(batch.batch());
      }
    }
  }

  private Optional<OpenBatch> find(Path folder) {
    return open.stream().filter(o -> o.batch().folder().equals(folder)).findFirst();
  }
}
