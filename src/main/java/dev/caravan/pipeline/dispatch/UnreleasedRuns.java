package dev.caravan.pipeline.dispatch;

import java.util.OptionalInt;

/** The runs of a queue that were not released yet. Not thread-safe: {@link Dispatch} guards it. */
sealed interface UnreleasedRuns permits RunsInOrder, RunsOfSearch {

  /** The index of the next one; empty when there is none, or none before another run has ended. */
  OptionalInt peek();

  /** Releases the next one. */
  void take(int index);

  /** Whether this run is released again when it is to be repeated, and not in its turn. */
  boolean isPassed(int index);
}
