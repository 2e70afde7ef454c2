package dev.caravan.fleet.hub;

import java.util.List;

/** Notified when workers join and leave. */
public interface WorkerListener {

  /** A worker that serves these pools has joined. */
  void joined(String worker, List<String> pools);

  /** A worker is gone, for this reason. */
  void lost(String worker, String reason);
}
