package dev.caravan.pipeline.dispatch;

/** How many runs may be under way. */
@FunctionalInterface
public interface Capacity {

  /** How many runs of this pool may be under way at once; 0 while nobody serves it. */
  int of(String pool);
}
