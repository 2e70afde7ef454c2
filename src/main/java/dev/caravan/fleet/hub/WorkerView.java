package dev.caravan.fleet.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A worker as seen by its hub.
 *
 * @param id id of the worker's home
 * @param host name of its machine
 * @param pools the pools that it serves
 * @param slots how many runs it executes at the same time
 * @param aiperf version of its aiperf; empty when it has none and so accepts no runs
 * @param runs ids of the runs that it holds: running, or finished but not yet recorded by the hub
 * @param hooks those of its runs for which a hook runs, with the hook in words
 * @param lastSeenAt time of its last heartbeat, RFC 3339 with offset
 */
public record WorkerView(
    String id,
    String host,
    List<String> pools,
    int slots,
    String aiperf,
    List<String> runs,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> hooks,
    String lastSeenAt) {

  public WorkerView {
    pools = pools == null ? List.of() : List.copyOf(pools);
    runs = runs == null ? List.of() : List.copyOf(runs);
    hooks = hooks == null ? Map.of() : Map.copyOf(hooks);
  }

  /** How many runs all of these execute at the same time, at least one. */
  public static int slots(Collection<WorkerView> workers) {
    return Math.max(1, workers.stream().mapToInt(WorkerView::slots).sum());
  }

  /** Time since its last heartbeat. */
  public Duration sinceLastSeen() {
    Duration elapsed = Duration.between(OffsetDateTime.parse(lastSeenAt), OffsetDateTime.now());
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }
}
