package dev.caravan.fleet.hub;

import java.util.List;

/** Is told which workers come and go. */
public interface WorkerListener {

  /** A worker is there, for these pools. */
  void joined(String worker, List<String> pools);

  /** A worker is there no more; why in words. */
  void lost(String worker, String message);
}
