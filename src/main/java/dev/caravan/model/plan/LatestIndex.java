package dev.caravan.model.plan;

import java.util.Optional;
import java.util.function.IntFunction;

/**
 * A function of an index that remembers its latest result: what is asked of a run is asked many
 * times before anything is asked of the next. Thread-safe.
 *
 * @param <T> the result, immutable
 */
final class LatestIndex<T> {

  private final IntFunction<T> function;
  private volatile Optional<Result<T>> latest = Optional.empty();

  private record Result<T>(int index, T value) {}

  LatestIndex(IntFunction<T> function) {
    this.function = function;
  }

  /** The result for an index. */
  T of(int index) {
    Optional<Result<T>> known = latest;
    if (known.isPresent() && known.get().index == index) {
      return known.get().value;
    }
    T value = function.apply(index);
    latest = Optional.of(new Result<>(index, value));
    return value;
  }
}
