package dev.caravan.fleet.protocol;

import dev.caravan.storage.Json;
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
  }

  /** The message text. */
  public String json() {
    return Json.text(this);
  }

  /** Rejects control characters and huge values: these texts go into the hub's log and status. */
  private static boolean isValid(Heartbeat read) {
    return Stream.concat(Stream.of(read.worker, read.host, read.aiperf), read.pools.stream())
            .allMatch(text -> text != null && TEXT.matcher(text).matches())
        && read.pools.size() <= MAX_POOLS
        && read.slots >= 0
        && read.slots <= MAX_SLOTS;
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when the text is not a heartbeat
   */
  public static Heartbeat of(String json) {
    Heartbeat read = Json.read(json, Heartbeat.class);
    if (read == null || read.schema != SCHEMA || !isValid(read)) {
      throw new IllegalArgumentException("not a heartbeat of schema " + SCHEMA);
    }
    return read;
  }
}
