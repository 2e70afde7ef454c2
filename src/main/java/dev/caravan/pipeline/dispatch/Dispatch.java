package dev.caravan.pipeline.dispatch;

import dev.caravan.config.Target;
import dev.caravan.model.AcceptedBatch;
import dev.caravan.model.Batch;
import dev.caravan.model.Cause;
import dev.caravan.model.Control;
import dev.caravan.model.HomeControl;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.run.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * Decides which run is next. It tracks every open batch, releases one run per target at a time and
 * no more than each pool can execute, and is the only place that sends a run again. Batches that
 * share a target are served by priority, then by acceptance, each to its end. Thread-safe.
 */
public final class Dispatch {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  private final RunRecords records;
  private final PipelineListeners listeners;
  private final ControlStore controls;
  private final ReleaseGateMonitor gate;
  private final LongSupplier nanoTime;
  private final TargetStates targets;
  private final TargetParking parking;
  private final List<OpenBatch> open = new ArrayList<>();
  private final Reruns reruns;
  private final StopsOfRuns stops;
  private final Pools pools;
  private final TakenTargets taken;
  private final OrderTimeouts timeouts;
  private final BatchErrorBoundary boundary;
  private boolean held;
  private boolean allPaused;

  /**
   * Starts without any batch.
   *
   * @param records keeps the results
   * @param listeners are notified of changes to batches and targets
   * @param controls stores the control requests of each batch
   * @param nanoTime the monotonic clock
   */
  public Dispatch(
      DispatchPolicy policy,
      RunRecords records,
      PipelineListeners listeners,
      ControlStore controls,
      LongSupplier nanoTime) {
    this(
        policy,
        records,
        listeners,
        controls,
        nanoTime,
        () -> ThreadLocalRandom.current().nextDouble());
  }

  Dispatch(
      DispatchPolicy policy,
      RunRecords records,
      PipelineListeners listeners,
      ControlStore controls,
      LongSupplier nanoTime,
      DoubleSupplier random) {
    this.records = records;
    this.listeners = listeners;
    this.controls = controls;
    this.gate = new ReleaseGateMonitor(policy.gate());
    this.nanoTime = nanoTime;
    this.targets = new TargetStates(nanoTime);
    this.parking = new TargetParking(policy, listeners, targets, random);
    this.reruns = new Reruns(records);
    this.stops = new StopsOfRuns(records, controls);
    this.pools = new Pools(policy.capacity());
    this.taken = new TakenTargets(targets);
    this.timeouts = new OrderTimeouts(nanoTime);
    this.boundary = new BatchErrorBoundary(nanoTime);
  }

  /** Opens a batch; runs that are already done are not executed again. */
  public synchronized void open(Batch batch) throws IOException {
    if (find(batch.folder()).isPresent()) {
      return;
    }
    records.begin(batch);
    EditedConfig.warnIfEdited(batch);
    Control control = stops.control(batch);
    Set<Integer> reopened = reruns.setAside(batch, control, control.rerunsAfter().keySet());
    OpenBatch opened = new OpenBatch(batch, control, records, nanoTime);
    if (opened.isCancelled() || batch.search().isPresent()) {
      reopened.addAll(records.startedNotDone(batch));
      reopened.forEach(opened::rerun);
    }
    open.add(opened);
    open.sort(OpenBatch.SERVICE_ORDER);
    listeners.publish(new PipelineChange.Opened(batch));
  }

  /** Opens an accepted batch, or reruns the one run that the config asked for. */
  public synchronized void schedule(AcceptedBatch accepted) throws IOException {
    if (accepted.rerunIndex().isEmpty()) {
      open(accepted.batch());
    } else {
      rerun(accepted.batch(), Set.of(accepted.rerunIndex().getAsInt()), accepted.order());
    }
  }

  /** Reruns the runs that have ended or were cancelled; repeating a request changes nothing. */
  public synchronized void rerun(Batch batch, Set<Integer> indexes, Control.Order request)
      throws IOException {
    records.reopen(batch);
    Control control = reruns.addTo(controls.of(batch), batch, indexes, request);
    if (!control.equals(controls.of(batch))) {
      controls.write(batch, control);
    }
    Optional<OpenBatch> found = find(batch.folder());
    if (found.isEmpty()) {
      open(batch);
      records.flush(batch);
      return;
    }
    found.get().apply(control);
    reruns.setAside(batch, control, indexes).forEach(found.get()::rerun);
  }

  /** Releases no more runs from now on. */
  public synchronized void hold() {
    held = true;
  }

  /** The run orders to send now. */
  public synchronized List<RunOrder> release() {
    List<RunOrder> orders = new ArrayList<>();
    if (held || open.isEmpty()) {
      return orders;
    }
    if (!gate.isClosed()) {
      taken.clear();
      open.stream()
          .flatMap(batch -> batch.queues().stream())
          .filter(queue -> queue.batch().mayRelease(queue, allPaused))
          .forEach(queue -> boundary.run(queue, () -> releaseFrom(queue, orders)));
    }
    List.copyOf(open).forEach(batch -> boundary.run(batch, () -> closeIfFinished(batch)));
    return orders;
  }

  private void releaseFrom(TargetQueue queue, List<RunOrder> orders) {
    if (taken.isTaken(queue)) {
      return;
    }
    Target target = queue.target();
    String pool = queue.batch().pool();
    long now = nanoTime.getAsLong();
    boolean full = pools.isFull(pool, targets);
    boolean reserved = queue.batch().reserves(queue, now);
    if (reserved || full && pools.isServed(pool) && queue.hasNext(now)) {
      taken.take(queue);
    }
    if (reserved || full || queue.needsTarget() && queue.isHeld(now)) {
      return; // Only this batch waits: the target serves others.
    }
    if (queue.needsTarget() && targets.isHeldBack(target) || !queue.batch().begin(queue, now)) {
      taken.take(queue);
      return;
    }
    queue
        .next(now)
        .ifPresent(
            order -> {
              targets.release(target, pool, order);
              queue.batch().released();
              orders.add(order);
              listeners.publish(new PipelineChange.Released(order));
            });
  }

  /** Reports that count unanswered run orders as lost once they are well overdue. */
  public synchronized List<RunReport> overdue() {
    return timeouts.lostReports(targets.inFlight(), open);
  }

  /** Handles the report on a run order: frees the target, and repeats or ends the run. */
  public synchronized void recorded(RunReport report) throws IOException {
    Optional<OpenBatch> found = find(Path.of(report.batchFolder()));
    if (found.isEmpty()) {
      LOG.warn("Ignored a report on a run that belongs to no open batch: {}", report.runId());
      return;
    }
    OpenBatch batch = found.get();
    TargetQueue queue = batch.queueOf(report.runIndex());
    Optional<RunOrder> order = targets.complete(queue.target(), report.runKey());
    if (order.isEmpty()) {
      LOG.warn("Ignored a duplicate or late report: {}", report.runId());
      return;
    }
    batch.reported(report, order.get(), nanoTime.getAsLong());
    handle(batch, queue, report, order.get());
  }

  private void handle(OpenBatch batch, TargetQueue queue, RunReport report, RunOrder order)
      throws IOException {
    long now = nanoTime.getAsLong();
    switch (report.kind()) {
      case NOT_READY -> parking.notReady(queue, report, now);
      case REFUSED -> parking.refused(queue, report, now);
      case BUSY -> parking.busy(queue, report, now);
      case STOPPED -> queue.giveBack(report.runIndex());
      case RETRY -> retry(queue, report, now);
      case INTERNAL_ERROR, ENDED -> ended(batch, queue, report, order);
    }
  }

  private void ended(OpenBatch batch, TargetQueue queue, RunReport report, RunOrder order)
      throws IOException {
    if (order.requestedEnding().isEmpty()) {
      queue.endOutage();
      targets.unpark(queue.target());
    }
    Optional<CancelReason> cancelReason = batch.ended(report);
    if (cancelReason.isPresent() && !batch.isFinished() && !batch.isAllCancelled()) {
      String id = batch.batch().id();
      String why = cancelReason.get().why();
      LOG.warn("[{}] Cancelled the remaining runs: {} (last: {})", id, why, report.runId());
      changeControl(batch.batch(), cancelReason.get()::cancel);
    }
  }

  private void retry(TargetQueue queue, RunReport report, long now) {
    if (report.cause().equals(Cause.TARGET_LOST.value())) {
      parking.lost(queue, report, now);
      return;
    }
    queue.batch().retry(queue, report, now);
  }

  /**
   * Changes what has been requested for a batch.
   *
   * @return the run orders in flight that the batch's requests now cancel
   */
  public synchronized List<RunOrder> changeControl(Batch batch, UnaryOperator<Control> change)
      throws IOException {
    Control control = change.apply(controls.of(batch));
    controls.write(batch, control);
    find(batch.folder()).ifPresent(opened -> opened.apply(control));
    return targets.inFlight().stream()
        .map(TargetStates.InFlight::order)
        .filter(order -> order.batchFolder().equals(batch.folder().toString()))
        .filter(order -> control.cancellationOf(order.runIndex()).isPresent())
        .toList();
  }

  /** Applies the pauses that were requested for the whole home and for targets. */
  public synchronized void apply(HomeControl control) {
    allPaused = control.paused().isPresent();
    targets.pause(control.pausedTargets().keySet());
  }

  /** Which runs are in flight, which targets are parked, and why nothing starts. */
  public synchronized DaemonStatus status() {
    Optional<String> closed = held ? Optional.of("Caravan is stopping") : gate.closedReason();
    return DaemonStatus.of(closed, targets, pools, taken, open, nanoTime.getAsLong());
  }

  private void closeIfFinished(OpenBatch batch) {
    if (batch.mayClose()) {
      open.remove(batch);
      batch.cancellation().ifPresent(order -> records.cancelRest(batch.batch(), order));
      if (batch.isCancelled()) {
        listeners.publish(new PipelineChange.Cancelled(batch.batch()));
      }
    }
  }

  private Optional<OpenBatch> find(Path folder) {
    return open.stream().filter(o -> o.batch().folder().equals(folder)).findFirst();
  }
}
