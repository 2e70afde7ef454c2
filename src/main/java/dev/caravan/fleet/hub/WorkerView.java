package dev.caravan.fleet.hub;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * A worker as its hub knows it.
 *
 * @param id of its home
 * @param host its machine
 * @param pools which runs it takes
 * @param slots how many at once
 * @param aiperf version of its aiperf; empty when it has none, and then it takes no runs
 * @param runs ids of the runs it has, being executed or not yet known to be recorded
 * @param heardAt RFC 3339 with offset: when it gave its last sign of life
 */
public record WorkerView(
    String id,
    String host,
    List<String> pools,
    int slots,
    String aiperf,
    List<String> runs,
    String heardAt) {

  public WorkerView {
    pools = pools == null ? List.of() : List.copyOf(pools);
    runs = runs == null ? List.of() : List.copyOf(runs);
  }

  /** Time since its last sign of life. */
  public Duration silence() {
    Duration since = Duration.between(OffsetDateTime.parse(heardAt), OffsetDateTime.now());
    return since.isNegative() ? Duration.ZERO : since;
  }
}
