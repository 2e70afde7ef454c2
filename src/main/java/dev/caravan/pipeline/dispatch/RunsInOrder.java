package dev.caravan.pipeline.dispatch;

import java.util.OptionalInt;
import java.util.function.IntPredicate;

/** All runs of a queue, by index. */
final class RunsInOrder implements UnreleasedRuns {

  private final OpenBatch batch;
  private final IntPredicate belongs;
  private int cursor;

  /** The index of a run that is known to be left. */
  private int openAt = -1;

  /** The runs of a batch whose index {@code belongs}. */
  RunsInOrder(OpenBatch batch, IntPredicate belongs) {
    this.batch = batch;
    this.belongs = belongs;
  }

  @Override
  public OptionalInt peek() {
    while (cursor < batch.indexEnd() && !isOpen(cursor)) {
      cursor++;
    }
    return cursor < batch.indexEnd() ? OptionalInt.of(cursor) : OptionalInt.empty();
  }

  /** Looks into the run's folder once. */
  private boolean isOpen(int index) {
    if (openAt != index && belongs.test(index) && batch.startsInTurn(index)) {
      openAt = index;
    }
    return openAt == index;
  }

  @Override
  public void take(int index) {
    cursor = index + 1;
  }

  @Override
  public boolean isPassed(int index) {
    return index < cursor;
  }
}
