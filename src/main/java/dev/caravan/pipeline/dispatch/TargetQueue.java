package dev.caravan.pipeline.dispatch;

import dev.caravan.config.ReadinessRules;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.target.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.IntPredicate;

/**
 * The runs of one batch on one target, in order. Knows what is next, what came back, what is due
 * later, and since when the target has been out. Not safe for several threads: {@link Dispatch}
 * guards it.
 */
final class TargetQueue {

  private record Due(long nanos, int index) {}

  private final OpenBatch batch;
  private final Target target;
  private final IntPredicate belongs;
  private final Deque<Integer> returned = new ArrayDeque<>();
  private final PriorityQueue<Due> later =
      new PriorityQueue<>(Comparator.comparingLong(Due::nanos).thenComparingInt(Due::index));
  private int cursor;
  private boolean closed;
  private Optional<Long> outSince = Optional.empty();
  private int pausesSoFar;
  private Optional<RunOrder.Ending> ending = Optional.empty();

  /** A lane over those runs of the batch whose index {@code belongs}. */
  TargetQueue(OpenBatch batch, Target target, IntPredicate belongs) {
    this.batch = batch;
    this.target = target;
    this.belongs = belongs;
  }

  OpenBatch batch() {
    return batch;
  }

  Target target() {
    return target;
  }

  /** Takes the next run that may start now; empty when none is left or all are due later. */
  Optional<RunOrder> next(long now) {
    if (!returned.isEmpty()) {
      return Optional.of(order(returned.poll()));
    }
    if (!later.isEmpty() && later.peek().nanos() - now <= 0) {
      return Optional.of(order(later.poll().index()));
    }
    return closed ? Optional.empty() : nextOfSweep();
  }

  private Optional<RunOrder> nextOfSweep() {
    while (cursor < batch.size()) {
      int index = cursor++;
      if (belongs.test(index) && !batch.alreadyDone(index)) {
        return Optional.of(order(index));
      }
    }
    return Optional.empty();
  }

  private RunOrder order(int index) {
    Run run = batch.batch().run(index);
    RunOrder order = RunOrder.execute(run.id(), batch.batch().folder().toString(), index);
    return batch.endingOf(index).or(() -> ending).map(order::withEnding).orElse(order);
  }

  /** The run was not executed after all: it is next again. */
  void giveBack(int index) {
    returned.addFirst(index);
  }

  /** The run is to be executed again, not before this moment of the monotonic clock. */
  void giveBackFor(int index, long nanos) {
    later.add(new Due(nanos, index));
  }

  /** A run is to be done again; false when the lane has not come to it yet anyway. */
  boolean again(int index) {
    boolean passed = index < cursor;
    if ((passed || closed) && !returned.contains(index)) {
      returned.addLast(index);
    }
    return passed;
  }

  /** Begins no further run of the sweep; those in back-off are due at once, to be ended. */
  void close() {
    closed = true;
    while (!later.isEmpty()) {
      returned.addLast(later.poll().index());
    }
  }

  /** Whether nothing is left that came back. */
  boolean isIdle() {
    return returned.isEmpty() && later.isEmpty();
  }

  /** The target answered, so an outage is over. */
  void targetAnswered() {
    outSince = Optional.empty();
    pausesSoFar = 0;
  }

  /** How long to leave the target alone now, in an outage; each call is one more pause of it. */
  Duration nextPause(Backoff backoff, Duration firstByDefault) {
    return backoff.next(rules().interval().orElse(firstByDefault), pausesSoFar++);
  }

  /** How long an outage may last. */
  Duration patience(Duration byDefault) {
    return rules().patience().orElse(byDefault);
  }

  private ReadinessRules rules() {
    return batch.batch().config().readiness();
  }

  /** Nanoseconds that the current outage has lasted; it begins with the first call. */
  long outageLasts(long now) {
    if (outSince.isEmpty()) {
      outSince = Optional.of(now);
    }
    return now - outSince.get();
  }

  /** From now on runs of this lane are ended so instead of executed. */
  void endAll(RunOrder.Ending how) {
    ending = Optional.of(how);
  }

  /** Whether its next run needs the target; not so when it is only to be ended. */
  boolean needsTarget() {
    boolean onlyToEnd = !returned.isEmpty() && batch.endingOf(returned.peek()).isPresent();
    return ending.isEmpty() && !onlyToEnd;
  }
}
