package dev.caravan.pipeline.dispatch;

import dev.caravan.config.text.Durations;
import dev.caravan.model.AcceptedBatch;
import dev.caravan.model.Batch;
import dev.caravan.model.Cause;
import dev.caravan.model.Control;
import dev.caravan.model.HomeControl;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which run is next: knows every open batch, releases one run a target at a time and as
 * many as their pool can execute, parks targets that are not ready, and alone sends a run again. On
 * a target batches are served by priority, then as accepted, each to its end before the next.
 */
public final class Dispatch {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  /**
   * How dispatch behaves.
   *
   * @param capacity runs at once, by pool
   * @param interval time between the first two tries of a target that is not ready; it grows
   * @param patience with one outage of a target for one batch; a batch's rules go before both
   */
  public record Policy(Capacity capacity, Duration interval, Duration patience) {}

  private final Policy policy;
  private final ProgressListener progress;
  private final ControlStore controls;
  private final ReleaseGateMonitor releaseGateMonitor;
  private final LongSupplier nanoTime;
  private final TargetStates targets;
  private final Backoff backoff;
  private final List<OpenBatch> open = new ArrayList<>();
  private final Reruns reruns;
  private final Pools pools;
  private final OrderTimeouts silence;
  private boolean held;
  private boolean allPaused;

  /**
   * Starts with nothing to do.
   *
   * @param progress keeps the results
   * @param controls keeps the orders of people
   * @param gate is asked before every release
   * @param nanoTime the monotonic clock
   */
  public Dispatch(
      Policy policy,
      ProgressListener progress,
      ControlStore controls,
      ReleaseGate gate,
      LongSupplier nanoTime) {
    this(
        policy, progress, controls, gate, nanoTime, () -> ThreadLocalRandom.current().nextDouble());
  }

  Dispatch(
      Policy policy,
      ProgressListener progress,
      ControlStore controls,
      ReleaseGate gate,
      LongSupplier nanoTime,
      DoubleSupplier random) {
    this.policy = policy;
    this.progress = progress;
    this.controls = controls;
    this.releaseGateMonitor = new ReleaseGateMonitor(gate);
    this.nanoTime = nanoTime;
    this.targets = new TargetStates(nanoTime);
    this.backoff = new Backoff(random);
    this.reruns = new Reruns(progress);
    this.pools = new Pools(policy.capacity());
    this.silence = new OrderTimeouts(nanoTime);
  }

  /** Takes a batch on; runs that an earlier life finished are not run again. */
  public synchronized void open(Batch batch) throws IOException {
    if (find(batch.folder()).isPresent()) {
      return;
    }
    progress.opened(batch);
    Control control = controls.of(batch);
    Set<Integer> again = reruns.setAside(batch, control, control.rerunsAfter().keySet());
    OpenBatch opened =
        new OpenBatch(batch, control, index -> progress.doneBefore(batch.run(index)));
    if (opened.isCancelled()) {
      again.addAll(progress.begun(batch));
      again.forEach(opened::again);
    }
    open.add(opened);
    open.sort(OpenBatch.SERVED);
  }

  /** Takes on what was accepted: a batch, or one run of it again. */
  public synchronized void take(AcceptedBatch accepted) throws IOException {
    if (accepted.rerunIndex().isEmpty()) {
      open(accepted.batch());
    } else {
      again(accepted.batch(), Set.of(accepted.rerunIndex().getAsInt()), accepted.order());
    }
  }

  /**
   * Has runs done again that ended or were cancelled; what has not ended goes on as it is. The same
   * request a second time changes nothing.
   */
  public synchronized void again(Batch batch, Set<Integer> indexes, Control.Order order)
      throws IOException {
    Control control = reruns.order(batch, controls.of(batch), indexes, order);
    if (!control.equals(controls.of(batch))) {
      controls.write(batch, control);
    }
    Optional<OpenBatch> found = find(batch.folder());
    if (found.isEmpty()) {
      open(batch);
      return;
    }
    found.get().follow(control);
    reruns.setAside(batch, control, indexes).forEach(found.get()::again);
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
    if (!releaseGateMonitor.isClosed()) {
      Set<Target> taken = new HashSet<>();
      open.stream()
          .filter(batch -> batch.mayRelease(allPaused))
          .flatMap(batch -> batch.lanes().stream())
          .forEach(lane -> releaseFrom(lane, orders, taken));
    }
    List.copyOf(open).forEach(this::closeIfFinished);
    return orders;
  }

  private void releaseFrom(TargetQueue lane, List<String> orders, Set<Target> taken) {
    Target target = lane.target();
    String pool = lane.batch().pool();
    if (taken.contains(target) || targets.inFlight(target) || pools.full(pool, targets)) {
      return;
    }
    if (lane.needsTarget() && targets.heldBack(target)) {
      taken.add(target);
      return;
    }
    lane.next(nanoTime.getAsLong())
        .ifPresent(
            order -> {
              targets.release(target, pool, order);
              lane.batch().released();
              orders.add(order.json());
            });
  }

  /** Reports on orders that nobody answered though the limits of their runs are long past. */
  public synchronized List<String> unanswered() {
    return silence.reports(targets.flights(), open);
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
    TargetQueue lane = batch.laneOf(report.runIndex());
    Optional<RunOrder> order = targets.answered(lane.target(), report.runId());
    if (order.isEmpty()) {
      LOG.warn("A report came twice, or late: {}", report.runId());
      return;
    }
    batch.answered();
    take(batch, lane, report, order.get());
  }

  private void take(OpenBatch batch, TargetQueue lane, RunReport report, RunOrder order)
      throws IOException {
    long now = nanoTime.getAsLong();
    switch (report.kind()) {
      case NOT_READY -> notReady(lane, report, now);
      case BUSY -> leaveAlone(lane, report, "is busy", policy.interval(), now);
      case STOPPED -> lane.giveBack(report.runIndex());
      case RETRY -> retry(lane, report, now);
      case INTERNAL_ERROR, ENDED -> ended(batch, lane, report, order);
    }
  }

  private void ended(OpenBatch batch, TargetQueue lane, RunReport report, RunOrder order)
      throws IOException {
    if (order.requestedEnding().isEmpty()) {
      lane.targetAnswered();
      targets.unpark(lane.target());
    }
    Optional<String> pointless = batch.ended(report);
    if (pointless.isPresent() && !batch.finished() && !batch.isCancelled()) {
      LOG.warn("[{}] The rest is cancelled: {}", batch.batch().id(), pointless.get());
      Control.Order cancel = new Control.Order("caravan", pointless.get());
      order(batch.batch(), control -> control.withCancellation(cancel));
    }
  }

  private void retry(TargetQueue lane, RunReport report, long now) {
    if (report.cause().equals(Cause.TARGET_LOST.value())) {
      leaveAlone(lane, report, "was lost", lane.nextPause(backoff, policy.interval()), now);
      return;
    }
    lane.targetAnswered();
    lane.giveBackFor(
        report.runIndex(), now + Duration.ofMillis(report.retryAfterMillis()).toNanos());
  }

  private void leaveAlone(
      TargetQueue lane, RunReport report, String why, Duration pause, long now) {
    lane.giveBack(report.runIndex());
    targets.park(lane.target(), report.message(), now + pause.toNanos());
    progress.parked(lane.batch().batch(), lane.target(), why + ": " + report.message());
  }

  private void notReady(TargetQueue lane, RunReport report, long now) {
    long lasted = lane.outageLasts(now);
    Duration pause = lane.nextPause(backoff, policy.interval());
    long left = lane.patience(policy.patience()).toNanos() - lasted;
    if (left > 0) {
      Duration atMost = Duration.ofNanos(Math.min(left, pause.toNanos()));
      leaveAlone(lane, report, "is not ready", atMost, now);
      return;
    }
    lane.giveBack(report.runIndex());
    targets.park(lane.target(), report.message(), now + pause.toNanos());
    Duration whole = Duration.ofSeconds(Duration.ofNanos(lasted).toSeconds());
    String reason = "not ready for " + Durations.format(whole) + ": " + report.message();
    lane.endAll(new RunOrder.Ending("unhealthy", "", reason));
    progress.gaveUp(lane.batch().batch(), lane.target(), reason);
  }

  /** Changes the orders that hold for a batch; what is under way and is cancelled by them. */
  public synchronized List<RunOrder> order(Batch batch, UnaryOperator<Control> change)
      throws IOException {
    Control control = change.apply(controls.of(batch));
    controls.write(batch, control);
    find(batch.folder()).ifPresent(opened -> opened.follow(control));
    return targets.flights().stream()
        .map(TargetStates.Flight::order)
        .filter(sent -> sent.batchFolder().equals(batch.folder().toString()))
        .filter(sent -> control.cancellationOf(sent.runIndex()).isPresent())
        .toList();
  }

  /** Holds back everything, or everything on some targets, as ordered for the home. */
  public synchronized void follow(HomeControl orders) {
    allPaused = orders.paused().isPresent();
    targets.pause(orders.pausedTargets().keySet());
  }

  /** What is under way, what waits for its target, and why nothing starts. */
  public synchronized DaemonStatus status() {
    return DaemonStatus.of(releaseGateMonitor.message(), targets, pools.unserved());
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
