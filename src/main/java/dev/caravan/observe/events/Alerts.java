package dev.caravan.observe.events;

import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.dispatch.ReleaseGate;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Notices what nobody is told of by a run's end: a target that has been out for long, and a disk
 * that is nearly full. Each is told once, until it is over and comes again.
 */
public final class Alerts {

  private final EventPublisher events;
  private final Supplier<DaemonStatus> status;
  private final ReleaseGate disk;
  private final Duration parkedFor;
  private final Set<DaemonStatus.Parked> told = new HashSet<>();
  private boolean diskTold;

  /**
   * Looks when it is told to.
   *
   * @param disk closed while the disk is nearly full
   * @param parkedFor how long a target is out before it is told
   */
  Alerts(
      EventPublisher events, Supplier<DaemonStatus> status, ReleaseGate disk, Duration parkedFor) {
    this.events = events;
    this.status = status;
    this.disk = disk;
    this.parkedFor = parkedFor;
  }

  /** Tells what is new since the last look. */
  public synchronized void look() {
    lookAtTargets(status.get().parked());
    boolean low = disk.closedReason().isPresent();
    if (low && !diskTold) {
      events.diskLow(disk.closedReason().orElse(""));
    }
    diskTold = low;
  }

  private void lookAtTargets(List<DaemonStatus.Parked> parked) {
    OffsetDateTime latest = OffsetDateTime.now().minus(parkedFor);
    Set<String> still = new HashSet<>();
    for (DaemonStatus.Parked target : parked) {
      still.add(key(target));
      boolean isLong = !OffsetDateTime.parse(target.since()).isAfter(latest);
      if (isLong && told.stream().noneMatch(before -> key(before).equals(key(target)))) {
        told.add(target);
        events.parked(target);
      }
    }
    told.removeIf(before -> !still.contains(key(before)));
  }

  /** Its words may change from try to try. */
  private static String key(DaemonStatus.Parked target) {
    return target.target() + " " + target.since();
  }
}
