package dev.caravan.fleet.hub;

import dev.caravan.storage.Json;
import java.util.Map;
import java.util.Set;

/**
 * What the hub says to all workers again and again.
 *
 * @param schema version of this shape
 * @param hub id of its home
 * @param cancel tickets of runs that are to be ended, and why
 * @param recorded tickets whose outcome is safe with the hub
 */
public record HubHeartbeat(
    int schema, String hub, Map<String, String> cancel, Set<String> recorded) {

  static final int SCHEMA = 1;

  public HubHeartbeat {
    cancel = cancel == null ? Map.of() : Map.copyOf(cancel);
    recorded = recorded == null ? Set.of() : Set.copyOf(recorded);
  }

  String json() {
    return Json.text(this);
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is no beat of a hub
   */
  public static HubHeartbeat of(String json) {
    HubHeartbeat read = Json.read(json, HubHeartbeat.class);
    if (read == null || read.schema != SCHEMA || read.hub == null) {
      throw new IllegalArgumentException("no beat of a hub, schema " + SCHEMA);
    }
    return read;
  }
}
