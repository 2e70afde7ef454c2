package dev.caravan.fleet.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
 * @param whyNoRuns why it accepts no runs; empty while it accepts some
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
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String whyNoRuns,
    String lastSeenAt) {

  private static final int MAX_REFUSALS = 3;

  public WorkerView {
    pools = pools == null ? List.of() : List.copyOf(pools);
    runs = runs == null ? List.of() : List.copyOf(runs);
    whyNoRuns = whyNoRuns == null ? "" : whyNoRuns;
    hooks = hooks == null ? Map.of() : Map.copyOf(hooks);
  }

  /** How many runs all of these workers execute at the same time, at least one. */
  public static int slots(Collection<WorkerView> workers) {
    return Math.max(1, workers.stream().mapToInt(WorkerView::slots).sum());
  }

  /** Why workers of a pool accept no runs, each after a semicolon; only the first few. */
  public static String refusals(Collection<WorkerView> workers, String pool) {
    return workers.stream()
        .filter(worker -> worker.pools().contains(pool) && !worker.whyNoRuns().isEmpty())
        .map(worker -> "; " + worker.host() + " accepts none: " + worker.whyNoRuns())
        .limit(MAX_REFUSALS)
        .collect(Collectors.joining());
  }

  /** Time since its last heartbeat. */
  public Duration sinceLastSeen() {
    Duration elapsed = Duration.between(OffsetDateTime.parse(lastSeenAt), OffsetDateTime.now());
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }
}
