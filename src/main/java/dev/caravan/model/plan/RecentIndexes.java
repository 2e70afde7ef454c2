package dev.caravan.model.plan;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/**
 * A function of an index that remembers its latest results: a run, and the few before it, are asked
 * many times while the run is executed. Thread-safe.
 *
 * @param <T> the result, immutable
 */
final class RecentIndexes<T> {

  private static final int SIZE = 16;

  private final IntFunction<T> function;
  private final AtomicReferenceArray<Result<T>> results = new AtomicReferenceArray<>(SIZE);

  private record Result<T>(int index, T value) {}

  RecentIndexes(IntFunction<T> function) {
    this.function = function;
  }

  /** The result for an index. */
  T of(int index) {
    int slot = Math.floorMod(index, SIZE);
    return Optional.ofNullable(results.get(slot))
        .filter(known -> known.index == index)
        .orElseGet(() -> compute(index, slot))
        .value;
  }

  private Result<T> compute(int index, int slot) {
    Result<T> computed = new Result<>(index, function.apply(index));
    results.set(slot, computed);
    return computed;
  }
}
