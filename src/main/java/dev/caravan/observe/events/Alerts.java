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
 * Publishes conditions that no finished run reports: a target that stays parked, and a nearly full
 * disk. Each is published once per occurrence.
 */
public final class Alerts {

  private final EventPublisher publisher;
  private final Supplier<DaemonStatus> status;
  private final ReleaseGate disk;
  private final Duration parkedFor;
  private final Set<DaemonStatus.Parked> published = new HashSet<>();
  private boolean diskLowPublished;

  /**
   * Alerts that are checked by calls to {@link #look()}.
   *
   * @param disk closed while the disk is nearly full
   * @param parkedFor how long a target is parked earlier it raises an alert
   */
  Alerts(
      EventPublisher publisher,
      Supplier<DaemonStatus> status,
      ReleaseGate disk,
      Duration parkedFor) {
    this.publisher = publisher;
    this.status = status;
    this.disk = disk;
    this.parkedFor = parkedFor;
  }

  /** Publishes alerts that are new since the last call. */
  public synchronized void check() {
    checkTargets(status.get().parked());
    boolean low = disk.closedReason().isPresent();
    if (low && !diskLowPublished) {
      publisher.diskLow(disk.closedReason().orElse(""));
    }
    diskLowPublished = low;
  }

  private void checkTargets(List<DaemonStatus.Parked> parked) {
    OffsetDateTime threshold = OffsetDateTime.now().minus(parkedFor);
    Set<String> current = new HashSet<>();
    for (DaemonStatus.Parked target : parked) {
      current.add(key(target));
      boolean isOverdue = !OffsetDateTime.parse(target.since()).isAfter(threshold);
      if (isOverdue && published.stream().noneMatch(earlier -> key(earlier).equals(key(target)))) {
        published.add(target);
        publisher.parked(target);
      }
    }
    published.removeIf(earlier -> !current.contains(key(earlier)));
  }

  /** Identifies one outage; the message may change from probe to probe. */
  private static String key(DaemonStatus.Parked target) {
    return target.target() + " " + target.since();
  }
}
