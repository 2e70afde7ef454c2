package dev.caravan.fleet.hub;

import java.util.Map;
import java.util.Set;

/**
 * The heartbeat that the hub sends to all workers at a fixed interval.
 *
 * @param schema version of this format
 * @param hub id of the hub's home
 * @param cancel delivery ids of runs to cancel, with the reason
 * @param recorded delivery ids of runs whose outcome the hub has recorded
 * @param refused those of the recorded ones whose files the hub refused
 */
public record HubHeartbeat(
    int schema, String hub, Map<String, String> cancel, Set<String> recorded, Set<String> refused) {

  static final int SCHEMA = 1;

  public HubHeartbeat {
    if (schema != SCHEMA || hub == null) {
      throw new IllegalArgumentException("not a hub heartbeat of schema " + SCHEMA);
    }
    cancel = cancel == null ? Map.of() : Map.copyOf(cancel);
    recorded = recorded == null ? Set.of() : Set.copyOf(recorded);
    refused = refused == null ? Set.of() : Set.copyOf(refused);
  }
}
