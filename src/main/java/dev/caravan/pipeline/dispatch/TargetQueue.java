package dev.caravan.pipeline.dispatch;

import dev.caravan.config.ReadinessRules;
import dev.caravan.config.Target;
import dev.caravan.config.text.Durations;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunReport;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;
import java.util.PriorityQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one batch on one target, in order: which is next, which were given back, which are
 * due for a retry later, and since when the target has been unavailable. Not thread-safe: {@link
 * Dispatch} guards it.
 */
final class TargetQueue {

  private static final Logger LOG = LoggerFactory.getLogger(TargetQueue.class);

  /**
   * A run that is executed again.
   *
   * @param dueNanos when, by the monotonic clock
   * @param due the same by the clock of this host
   * @param why how its last attempt ended
   */
  record Retry(long dueNanos, int index, OffsetDateTime due, String why) {}

  /**
   * A hold: the target refused what was asked for this batch, or its folder cannot be written.
   *
   * @param message the reply, or the reason
   * @param since when that began
   * @param untilNanos when to ask again, by the monotonic clock
   */
  record Hold(String message, OffsetDateTime since, long untilNanos) {}

  private final OpenBatch batch;
  private final Target target;
  private final UnreleasedRuns unreleased;
  private final Deque<Integer> returned = new ArrayDeque<>();
  private final PriorityQueue<Retry> retries =
      new PriorityQueue<>(Comparator.comparingLong(Retry::dueNanos).thenComparingInt(Retry::index));

  private boolean closed;
  private Optional<Long> outageStart = Optional.empty();
  private int outagePauses;
  private Optional<Hold> hold = Optional.empty();
  private Optional<RunOrder.Ending> ending = Optional.empty();

  /** A queue of these runs of the batch. */
  TargetQueue(OpenBatch batch, Target target, UnreleasedRuns unreleased) {
    this.batch = batch;
    this.target = target;
    this.unreleased = unreleased;
  }

  OpenBatch batch() {
    return batch;
  }

  Target target() {
    return target;
  }

  /** Takes the next run that may start now; empty when none remains or all are due later. */
  Optional<RunOrder> next(long now) {
    if (!hasNext(now)) {
      return Optional.empty();
    }
    if (!returned.isEmpty()) {
      RunOrder order = order(returned.peek());
      returned.poll();
      return Optional.of(order);
    }
    if (isRetryDue(now)) {
      RunOrder order = order(retries.peek().index());
      retries.poll();
      return Optional.of(order);
    }
    int index = unreleased.peek().orElseThrow();
    RunOrder order = order(index);
    unreleased.take(index);
    return Optional.of(order);
  }

  /** Whether a run may start now, as far as its batch and target are concerned. */
  boolean hasNext(long now) {
    return (batch.mayStart() || !needsTarget())
        && (!returned.isEmpty() || isRetryDue(now) || hasUnreleased() && batch.isTurnOf(this));
  }

  /** Whether it has runs to come, be it now or later. */
  boolean hasMore() {
    return !isIdle() || hasUnreleased();
  }

  /** Whether all runs that it has not released come after the next run of another queue. */
  boolean isAfter(TargetQueue other) {
    return !hasUnreleased()
        || unreleased.peek().getAsInt() > other.unreleased.peek().orElse(Integer.MAX_VALUE);
  }

  private boolean isRetryDue(long now) {
    return !retries.isEmpty() && retries.peek().dueNanos() - now <= 0;
  }

  private boolean hasUnreleased() {
    return !closed && unreleased.peek().isPresent();
  }

  private RunOrder order(int index) {
    Run run = batch.batch().run(index);
    RunOrder order = RunOrder.execute(run.id(), batch.batch().folder().toString(), index);
    return batch.endingOf(index).or(() -> ending).map(order::withEnding).orElse(order);
  }

  /** The run was not executed: it is next again. */
  void giveBack(int index) {
    returned.addFirst(index);
  }

  /** Executes the run of this report again, when it says. */
  void retry(RunReport report, long now) {
    Duration wait = Duration.ofMillis(report.retryAfterMillis());
    String why = report.cause().isEmpty() ? report.outcome() : report.cause();
    retries.add(
        new Retry(now + wait.toNanos(), report.runIndex(), OffsetDateTime.now().plus(wait), why));
  }

  /** Executes a run again after this wait: it was in back-off when its batch was opened. */
  void retry(int index, Head latest, Duration wait, long now) {
    LOG.info(
        "[{}] Run {} will be retried in {}",
        batch.batch().id(),
        batch.batch().run(index).title(),
        Durations.format(Duration.ofSeconds(wait.toSeconds() + 1)));
    retry(RunReport.retry(order(index), latest, wait), now);
  }

  /** The run that is executed again first. */
  Optional<Retry> firstRetry() {
    return Optional.ofNullable(retries.peek());
  }

  /** Runs this run again; false when the queue has not reached it yet. */
  boolean rerun(int index) {
    boolean passed = unreleased.isPassed(index);
    if ((passed || closed) && !returned.contains(index)) {
      returned.addLast(index);
    }
    return passed;
  }

  /** Starts no further run of the batch; runs waiting for a retry are due at once, to be ended. */
  void close() {
    closed = true;
    while (!retries.isEmpty()) {
      returned.addLast(retries.poll().index());
    }
  }

  /** Whether no run that came back is waiting here. */
  boolean isIdle() {
    return returned.isEmpty() && retries.isEmpty();
  }

  /** The target answered a run, so any outage is over. */
  void endOutage() {
    outageStart = Optional.empty();
    outagePauses = 0;
    endHold();
  }

  /** Releases no run that needs the target before this value of the monotonic clock. */
  void hold(String message, long untilNanos) {
    OffsetDateTime since = hold.map(Hold::since).orElseGet(OffsetDateTime::now);
    hold = Optional.of(new Hold(message, since, untilNanos));
  }

  /** Ends a hold. */
  void endHold() {
    hold = Optional.empty();
  }

  /** Why this batch is held here; remains until the target accepts one of its runs. */
  Optional<Hold> hold() {
    return ending.isEmpty() ? hold : Optional.empty();
  }

  /** Whether this batch must still wait before its target is asked again. */
  boolean isHeld(long now) {
    return hold.filter(held -> held.untilNanos() - now > 0).isPresent();
  }

  /** How long to park the target now; each call counts as one more pause of this outage. */
  Duration nextPause(Backoff backoff, Duration defaultFirst) {
    return backoff.pause(rules().interval().orElse(defaultFirst), outagePauses++);
  }

  /** How long this batch waits for the target. */
  Duration patience(Duration byDefault) {
    return rules().patience().orElse(byDefault);
  }

  private ReadinessRules rules() {
    return batch.batch().config().readiness();
  }

  /** Length of the current outage in nanoseconds; the first call starts it. */
  long outageNanos(long now) {
    if (outageStart.isEmpty()) {
      outageStart = Optional.of(now);
    }
    return now - outageStart.get();
  }

  /** From now on, ends the runs of this queue like this instead of executing them. */
  void endAll(RunOrder.Ending how) {
    ending = Optional.of(how);
  }

  /** Whether the next run needs the target; a run that is only to be ended does not. */
  boolean needsTarget() {
    boolean onlyToEnd = !returned.isEmpty() && batch.endingOf(returned.peek()).isPresent();
    return ending.isEmpty() && !onlyToEnd;
  }
}
