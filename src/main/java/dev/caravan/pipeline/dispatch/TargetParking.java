package dev.caravan.pipeline.dispatch;

import dev.caravan.config.text.Durations;
import dev.caravan.model.Outcome;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.run.RunReport;
import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Parks targets that cannot take a run now, and gives up on a batch's runs there once the batch has
 * waited long enough. Not thread-safe: {@link Dispatch} guards it.
 */
final class TargetParking {

  private final DispatchPolicy policy;
  private final PipelineListeners listeners;
  private final TargetStates targets;
  private final Backoff backoff;

  TargetParking(
      DispatchPolicy policy,
      PipelineListeners listeners,
      TargetStates targets,
      DoubleSupplier random) {
    this.policy = policy;
    this.listeners = listeners;
    this.targets = targets;
    this.backoff = new Backoff(random);
  }

  /** Another benchmark holds the target or this host. */
  void busy(TargetQueue queue, RunReport report, long now) {
    park(queue, report, "is busy", policy.interval(), now);
  }

  /** The target went away during the run. */
  void lost(TargetQueue queue, RunReport report, long now) {
    park(queue, report, "was lost", queue.nextPause(backoff, policy.interval()), now);
  }

  /** The target failed its readiness check; after the batch's patience its runs there end. */
  void notReady(TargetQueue queue, RunReport report, long now) {
    Duration pause = queue.nextPause(backoff, policy.interval());
    long remaining = remainingPatience(queue, now);
    if (remaining > 0) {
      Duration shortened = Duration.ofNanos(Math.min(remaining, pause.toNanos()));
      park(queue, report, "is not ready", shortened, now);
      return;
    }
    targets.park(queue.target(), report.message(), now + pause.toNanos());
    giveUp(queue, report, now);
  }

  /**
   * The target is up and refused what was asked for this batch: only this batch waits, and gives up
   * after its patience. Other batches may have other settings, which the target accepts.
   */
  void refused(TargetQueue queue, RunReport report, long now) {
    targets.unpark(queue.target());
    Duration pause = queue.nextPause(backoff, policy.interval());
    long remaining = remainingPatience(queue, now);
    if (remaining <= 0) {
      giveUp(queue, report, now);
      return;
    }
    queue.giveBack(report.runIndex());
    queue.hold(report.message(), now + Math.min(remaining, pause.toNanos()));
    listeners.publish(
        new PipelineChange.Parked(
            queue.batch().batch(), queue.target(), "refused the probe: " + report.message()));
  }

  private long remainingPatience(TargetQueue queue, long now) {
    return queue.patience(policy.patience()).toNanos() - queue.outageNanos(now);
  }

  private void giveUp(TargetQueue queue, RunReport report, long now) {
    queue.giveBack(report.runIndex());
    Duration outage = Duration.ofSeconds(Duration.ofNanos(queue.outageNanos(now)).toSeconds());
    String reason = "not ready for " + Durations.format(outage) + ": " + report.message();
    queue.endAll(RunOrder.Ending.of(Outcome.UNHEALTHY, reason));
    listeners.publish(new PipelineChange.GaveUp(queue.batch().batch(), queue.target(), reason));
  }

  private void park(TargetQueue queue, RunReport report, String state, Duration pause, long now) {
    queue.giveBack(report.runIndex());
    queue.endHold();
    targets.park(queue.target(), report.message(), now + pause.toNanos());
    listeners.publish(
        new PipelineChange.Parked(
            queue.batch().batch(), queue.target(), state + ": " + report.message()));
  }
}
