package dev.caravan.fleet.protocol;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The heartbeat that a worker sends to the hub at a fixed interval.
 *
 * @param schema version of this format
 * @param worker id of the worker's home
 * @param host name of its machine
 * @param pools the pools that it serves
 * @param slots how many runs it executes at the same time
 * @param aiperf version of its aiperf; empty when it has none and so accepts no runs
 * @param holding delivery ids of the runs that it holds, until the hub reports them as recorded
 * @param leaving whether the worker is shutting down
 */
public record Heartbeat(
    int schema,
    String worker,
    String host,
    List<String> pools,
    int slots,
    String aiperf,
    Set<String> holding,
    boolean leaving) {

  public static final int SCHEMA = 1;

  private static final Pattern TEXT = Pattern.compile("\\P{Cntrl}{0,255}");
  private static final int MAX_POOLS = 1_000;
  private static final int MAX_SLOTS = 10_000;

  public Heartbeat {
    pools = pools == null ? List.of() : List.copyOf(pools);
    holding = holding == null ? Set.of() : Set.copyOf(holding);
    if (schema != SCHEMA || !isValid(worker, host, aiperf, pools, slots)) {
      throw new IllegalArgumentException("not a heartbeat of schema " + SCHEMA);
    }
  }

  /** Rejects control characters and huge values: these texts go into the hub's log and status. */
  private static boolean isValid(
      String worker, String host, String aiperf, List<String> pools, int slots) {
    return Stream.concat(Stream.of(worker, host, aiperf), pools.stream())
            .allMatch(text -> text != null && TEXT.matcher(text).matches())
        && pools.size() <= MAX_POOLS
        && slots >= 0
        && slots <= MAX_SLOTS;
  }
}
