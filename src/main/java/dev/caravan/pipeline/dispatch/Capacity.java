package dev.caravan.pipeline.dispatch;

/** How many runs each pool can execute. */
@FunctionalInterface
public interface Capacity {

  /** How many runs of this pool may be in flight at once; 0 while no worker serves it. */
  int of(String pool);
}
