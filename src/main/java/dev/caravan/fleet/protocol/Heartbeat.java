package dev.caravan.fleet.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
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
 * @param hooks delivery ids of the runs for which a hook runs, with the hook in words
 * @param refusal why it accepts no runs although it has an aiperf; empty while it accepts some
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
    Map<String, String> hooks,
    String refusal,
    boolean leaving) {

  public static final int SCHEMA = 1;

  private static final Pattern TEXT = Pattern.compile("\\P{Cntrl}{0,255}");
  private static final int MAX_POOLS = 1_000;
  private static final int MAX_SLOTS = 10_000;

  public Heartbeat {
    pools = pools == null ? List.of() : List.copyOf(pools);
    holding = holding == null ? Set.of() : Set.copyOf(holding);
    hooks = hooks == null ? Map.of() : Map.copyOf(hooks);
    refusal = refusal == null ? "" : refusal;
    Stream<String> texts =
        Stream.of(Stream.of(worker, host, aiperf, refusal), pools.stream(), hooks.values().stream())
            .flatMap(each -> each);
    if (schema != SCHEMA || !isValid(texts) || !isValid(pools, slots, hooks)) {
      throw new IllegalArgumentException("not a heartbeat of schema " + SCHEMA);
    }
  }

  /** Why this worker accepts no runs; empty while it accepts some. */
  public Optional<String> whyNoRuns() {
    return aiperf.isEmpty()
        ? Optional.of("it has no aiperf")
        : Optional.of(refusal).filter(reason -> !reason.isEmpty());
  }

  /** Rejects control characters: these texts go into the hub's log and status. */
  private static boolean isValid(Stream<String> texts) {
    return texts.allMatch(text -> text != null && TEXT.matcher(text).matches());
  }

  /** Rejects huge values, which go there too. */
  private static boolean isValid(List<String> pools, int slots, Map<String, String> hooks) {
    return pools.size() <= MAX_POOLS
        && slots >= 0
        && slots <= MAX_SLOTS
        && hooks.size() <= MAX_SLOTS;
  }
}
