package dev.caravan.pipeline.dispatch;

import java.util.HashSet;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/** The runs of a search, each of which follows from how those before it ended. */
final class RunsOfSearch implements UnreleasedRuns {

  private final Supplier<OptionalInt> nextOfSearch;
  private final IntPredicate belongs;
  private final Set<Integer> released = new HashSet<>();

  /**
   * The runs of a search whose index {@code belongs}.
   *
   * @param nextOfSearch the run that is next after those that have ended
   */
  RunsOfSearch(Supplier<OptionalInt> nextOfSearch, IntPredicate belongs) {
    this.nextOfSearch = nextOfSearch;
    this.belongs = belongs;
  }

  /** The next run stays the same until it has ended, so that a released one must be skipped. */
  @Override
  public OptionalInt peek() {
    OptionalInt next = nextOfSearch.get();
    return next.isPresent() && belongs.test(next.getAsInt()) && !released.contains(next.getAsInt())
        ? next
        : OptionalInt.empty();
  }

  @Override
  public void take(int index) {
    released.add(index);
  }

  @Override
  public boolean isPassed(int index) {
    released.add(index);
    return true;
  }
}
