package dev.caravan.observe.events;

import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.ReleaseGate;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Publishes conditions that no finished run reports: a target that stays parked, a batch that its
 * target keeps refusing, and a nearly full disk. Each is published once per occurrence.
 */
public final class Alerts {

  private final PipelineListeners listeners;
  private final Supplier<DaemonStatus> status;
  private final ReleaseGate disk;
  private final Duration patience;
  private final Set<List<String>> published = new HashSet<>();
  private boolean diskLowPublished;

  /**
   * Alerts that are checked by calls to {@link #check()}.
   *
   * @param disk closed while the disk is nearly full
   * @param patience how long a target is parked, or a batch held, before it raises an alert
   */
  Alerts(
      PipelineListeners listeners,
      Supplier<DaemonStatus> status,
      ReleaseGate disk,
      Duration patience) {
    this.listeners = listeners;
    this.status = status;
    this.disk = disk;
    this.patience = patience;
  }

  /** Publishes alerts that are new since the last call. */
  public synchronized void check() {
    DaemonStatus now = status.get();
    Set<List<String>> current = new HashSet<>();
    check(now.parked(), Alerts::outage, DaemonStatus.Parked::since, Alerts::longOutage, current);
    check(now.held(), Alerts::outage, DaemonStatus.Held::since, Alerts::longRefusal, current);
    published.retainAll(current);
    boolean low = disk.closedReason().isPresent();
    if (low && !diskLowPublished) {
      listeners.publish(new PipelineChange.DiskLow(disk.closedReason().orElse("")));
    }
    diskLowPublished = low;
  }

  private <T> void check(
      Collection<T> waiting,
      Function<T, List<String>> outage,
      Function<T, String> since,
      Function<T, PipelineChange> alert,
      Set<List<String>> current) {
    OffsetDateTime threshold = OffsetDateTime.now().minus(patience);
    for (T each : waiting) {
      current.add(outage.apply(each));
      boolean isOverdue = !OffsetDateTime.parse(since.apply(each)).isAfter(threshold);
      if (isOverdue && published.add(outage.apply(each))) {
        listeners.publish(alert.apply(each));
      }
    }
  }

  private static PipelineChange longOutage(DaemonStatus.Parked target) {
    return new PipelineChange.LongOutage(target.target(), target.since(), target.message());
  }

  private static PipelineChange longRefusal(DaemonStatus.Held batch) {
    return new PipelineChange.LongRefusal(
        batch.batch(), batch.batchFolder(), batch.target(), batch.since(), batch.message());
  }

  /** Identifies one outage; the message may change from probe to probe. */
  private static List<String> outage(DaemonStatus.Parked target) {
    return List.of(target.target(), target.since());
  }

  private static List<String> outage(DaemonStatus.Held batch) {
    return List.of(batch.batchFolder(), batch.target(), batch.since());
  }
}
