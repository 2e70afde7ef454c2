package dev.caravan.remote;

import dev.caravan.batch.Json;
import java.util.List;
import java.util.Set;

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
record Heartbeat(
    int schema,
    String worker,
    String host,
    List<String> pools,
    int slots,
    String aiperf,
    Set<String> holding,
    boolean leaving) {

  static final int SCHEMA = 1;

  Heartbeat {
    pools = pools == null ? List.of() : List.copyOf(pools);
    holding = holding == null ? Set.of() : Set.copyOf(holding);
  }

  String json() {
    return Json.text(this);
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is no heartbeat
   */
  static Heartbeat of(String json) {
    Heartbeat read = Json.read(json, Heartbeat.class);
    if (read == null || read.schema != SCHEMA || read.worker == null || read.slots < 0) {
      throw new IllegalArgumentException("no heartbeat of schema " + SCHEMA);
    }
    return read;
  }
}
