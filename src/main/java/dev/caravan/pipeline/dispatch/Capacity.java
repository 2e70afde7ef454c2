package dev.caravan.pipeline.dispatch;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import java.util.List;

/** How many runs each pool can execute. */
@FunctionalInterface
public interface Capacity {

  /** Of a daemon that works alone: it serves the pools in its settings. */
  static Capacity of(Settings settings) {
    List<String> pools = settings.list(Setting.WORKER_POOLS);
    Capacity any = ofAnyPool(settings);
    return pool -> pools.contains(pool) ? any.of(pool) : 0;
  }

  /** Of a command, which executes the runs of any pool. */
  static Capacity ofAnyPool(Settings settings) {
    int workers = settings.count(Setting.WORKERS, 1);
    return pool -> workers;
  }

  /** How many runs of this pool may be in flight at once; 0 while no worker serves it. */
  int of(String pool);
}
