package dev.caravan.pipeline.dispatch;

import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Control;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunReport;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * A batch in dispatch: a queue of runs for each of its targets, how many runs are done or in
 * flight, and what users have requested for it. Not thread-safe: {@link Dispatch} guards it.
 */
final class OpenBatch {

  /** The order in which batches that share a target are served. */
  static final Comparator<OpenBatch> SERVICE_ORDER =
      Comparator.comparing(open -> open.batch().record(), BatchRecord.DISPATCH_ORDER);

  private final Batch batch;
  private final RunRecords records;
  private final LongSupplier nanoTime;
  private final List<TargetQueue> queues;
  private final FailureStreak streak;
  private final BatchHooks hooks;
  private final boolean inOrder;
  private OptionalLong coolDownEnd = OptionalLong.empty();
  private int done;
  private int inFlight;
  private Control control;

  /**
   * Opens a batch.
   *
   * @param records know which of its runs have ended
   * @param nanoTime the monotonic clock
   */
  OpenBatch(Batch batch, Control control, RunRecords records, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.batch = batch;
    this.control = control;
    this.records = records;
    this.hooks = records.hooks();
    this.queues = queuesByTarget();
    this.inOrder = batch.config().matrix().isOneQueue();
    this.streak = new FailureStreak(batch, () -> records.anyCompleted(batch));
    apply(control);
  }

  Batch batch() {
    return batch;
  }

  /** The pool of workers that executes its runs. */
  String pool() {
    return batch.config().pool();
  }

  /** The first index after those of all runs. */
  int indexEnd() {
    return batch.sweep().indexEnd();
  }

  List<TargetQueue> queues() {
    return queues;
  }

  /** The queue that run {@code index} belongs to. */
  TargetQueue queueOf(int index) {
    Target target = Target.of(batch.sweep().url(index));
    return queues.stream().filter(q -> q.target().equals(target)).findFirst().orElseThrow();
  }

  /** How long run {@code index} may take, with its hooks. */
  Duration limitOf(int index) {
    Duration limit = batch.config().limits().total(batch.sweep().parameters(index));
    return limit.plus(hooks.allowance(batch));
  }

  /**
   * Whether this run starts in its turn. One that was done before the batch was opened counts as
   * done; one that was in back-off remains so, and holds nobody else.
   */
  boolean startsInTurn(int index) {
    Optional<Head> latest = records.recordIfDone(batch.run(index));
    if (latest.filter(Head::isFinal).isPresent()) {
      done++;
      return false;
    }
    Optional<Duration> left = latest.map(this::backOffLeft).filter(wait -> !wait.isZero());
    left.ifPresent(wait -> queueOf(index).retry(index, latest.get(), wait, nanoTime.getAsLong()));
    return left.isEmpty();
  }

  private Duration backOffLeft(Head latest) {
    return latest
        .nextAttemptAt()
        .map(due -> batch.config().retry().leftAfter(latest.attempt(), due))
        .orElse(Duration.ZERO);
  }

  /** One of its runs was released. */
  void released() {
    inFlight++;
  }

  /** A report on a released run arrived; only a run that was executed is followed by a pause. */
  void reported(RunReport report, RunOrder order, long now) {
    inFlight--;
    if (report.kind().isExecuted() && order.requestedEnding().isEmpty()) {
      coolDownEnd = OptionalLong.of(now + batch.config().coolDown().toNanos());
    }
  }

  /** A run ended for good; the reason to cancel the remaining runs, when there is one. */
  Optional<CancelReason> ended(RunReport report) {
    done++;
    return streak.add(report);
  }

  /** Runs a run again. */
  void rerun(int index) {
    if (queueOf(index).rerun(index)) {
      done--;
    }
  }

  /**
   * Repeats a run later. A report that concerns the whole batch, whose runs cannot be recorded,
   * holds all of it for as long.
   */
  void retry(TargetQueue queue, RunReport report, long now) {
    queue.retry(report, now);
    if (report.scope() == RunReport.Scope.BATCH) {
      long due = now + Duration.ofMillis(report.retryAfterMillis()).toNanos();
      queues.forEach(each -> each.hold(report.message(), due));
    } else {
      queue.endOutage();
    }
  }

  /** Applies what users have requested so far. */
  void apply(Control requested) {
    control = requested;
    if (isCancelled()) {
      queues.forEach(TargetQueue::close);
    }
  }

  /** How to end a run that was cancelled, instead of executing it. */
  Optional<RunOrder.Ending> endingOf(int index) {
    return control.cancellationOf(index).map(RunOrder.Ending::cancelled);
  }

  /**
   * Whether the batch was cancelled, so that only runs that were retried since are still executed.
   */
  boolean isCancelled() {
    return control.cancelled().isPresent();
  }

  /** Who cancelled the batch, and why. */
  Optional<String> cancellation() {
    return control.cancelled().map(Control.Order::message);
  }

  /** Whether the whole batch was cancelled, with no run retried since. */
  boolean isAllCancelled() {
    return control.cancellationOfAll().isPresent();
  }

  boolean isPaused() {
    return control.paused().isPresent();
  }

  /** Whether a queue may send orders. During a pause, cancelled runs are still ended. */
  boolean mayRelease(TargetQueue queue, boolean allPaused) {
    boolean isToEnd = isCancelled() && !queue.needsTarget();
    return isToEnd || !isPaused() && !allPaused || hooks.isRunning(batch);
  }

  /** Whether nothing remains to be done. */
  boolean isFinished() {
    boolean isIdle = inFlight == 0 && queues.stream().allMatch(TargetQueue::isIdle);
    boolean isOver =
        batch.search().isPresent()
            ? isIdle && records.nextOfSearch(batch).isEmpty()
            : done >= batch.size();
    return isOver || isCancelled() && isIdle;
  }

  /** Whether it may be closed; starts what must run after its last run. */
  boolean mayClose() {
    return isFinished() && hooks.end(batch);
  }

  /** Whether the next run of a queue may start; starts what must run before the first. */
  boolean begin(TargetQueue queue, long now) {
    boolean isDue = queue.needsTarget() && queue.hasNext(now);
    return !isDue || hooks.begin(batch);
  }

  /** Whether one of its runs may be executed, as far as the others are concerned. */
  boolean mayStart() {
    return !inOrder || inFlight == 0;
  }

  /**
   * Whether the next run of a queue is the next of the batch. Variants are one queue whatever their
   * targets, so that a round of one is over before that of the next begins; and so are searches.
   * Whether a queue is idle is asked last: looking at its runs finds those in back-off.
   */
  boolean isTurnOf(TargetQueue queue) {
    return !inOrder
        || queues.stream()
            .allMatch(other -> (other == queue || other.isAfter(queue)) && other.isIdle());
  }

  /** Whether a queue waits for a hook, for a run of another queue, or for the pause after it. */
  boolean reserves(TargetQueue queue, long now) {
    if (hooks.isRunning(batch) || isFinished() && !hooks.isOver(batch)) {
      return true;
    }
    boolean waits = inOrder && inFlight > 0 || isCoolingDown(now);
    return waits && queue.needsTarget() && queue.hasMore();
  }

  /** The run that it waits for, when it has nothing to start before that is executed again. */
  Optional<TargetQueue.Retry> backOff(long now) {
    return queues.stream()
        .flatMap(queue -> queue.firstRetry().stream())
        .min(Comparator.comparingLong(TargetQueue.Retry::dueNanos))
        .filter(retry -> queues.stream().noneMatch(queue -> queue.hasNext(now)));
  }

  private boolean isCoolingDown(long now) {
    return coolDownEnd.isPresent() && coolDownEnd.getAsLong() - now > 0;
  }

  private List<TargetQueue> queuesByTarget() {
    Map<Target, Set<String>> urls = new LinkedHashMap<>();
    batch.config().values("url").forEach(url -> addTo(urls, (String) url));
    return urls.entrySet().stream()
        .map(
            entry ->
                new TargetQueue(
                    this,
                    entry.getKey(),
                    unreleased(
                        i -> batch.hasRun(i) && entry.getValue().contains(batch.sweep().url(i)))))
        .toList();
  }

  private UnreleasedRuns unreleased(IntPredicate belongs) {
    return batch.search().isPresent()
        ? new RunsOfSearch(() -> records.nextOfSearch(batch), belongs)
        : new RunsInOrder(this, belongs);
  }

  private static void addTo(Map<Target, Set<String>> urls, String url) {
    urls.computeIfAbsent(Target.of(url), target -> new LinkedHashSet<>()).add(url);
  }
}
