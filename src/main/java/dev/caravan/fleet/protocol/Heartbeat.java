package dev.caravan.fleet.protocol;

import dev.caravan.storage.Json;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a worker says of itself again and again.
 *
 * @param schema version of this shape
 * @param worker its id
 * @param host its machine
 * @param pools which runs it takes
 * @param slots how many at once
 * @param aiperf version of its aiperf; empty when it has none, and then it takes no runs
 * @param holding tickets of the runs it has, executed or not, until the hub says they are recorded
 * @param leaving whether it is about to end
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

  private static final Pattern WORD = Pattern.compile("\\P{Cntrl}{0,255}");
  private static final int MOST_POOLS = 1_000;
  private static final int MOST_SLOTS = 10_000;

  public Heartbeat {
    pools = pools == null ? List.of() : List.copyOf(pools);
    holding = holding == null ? Set.of() : Set.copyOf(holding);
  }

  public String json() {
    return Json.text(this);
  }

  /** Its words go into our log and our status. */
  private static boolean isSound(Heartbeat read) {
    return Stream.concat(Stream.of(read.worker, read.host, read.aiperf), read.pools.stream())
            .allMatch(word -> word != null && WORD.matcher(word).matches())
        && read.pools.size() <= MOST_POOLS
        && read.slots >= 0
        && read.slots <= MOST_SLOTS;
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is no heartbeat
   */
  public static Heartbeat of(String json) {
    Heartbeat read = Json.read(json, Heartbeat.class);
    if (read == null || read.schema != SCHEMA || !isSound(read)) {
      throw new IllegalArgumentException("no heartbeat of schema " + SCHEMA);
    }
    return read;
  }
}
