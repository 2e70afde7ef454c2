package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A dispatch with a manual clock, and records of what it does. */
final class DispatchHarness implements RunRecords {

  static final Duration INTERVAL = Duration.ofSeconds(5);
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The notifications from dispatch, in order. */
  final List<String> notifications = new ArrayList<>();

  /** Ids of the runs that are already done. */
  final Set<String> done = new HashSet<>();

  /** The latest results of runs that are not done, by id. */
  final Map<String, Head> results = new HashMap<>();

  /** Indexes of the runs that were started and are not done. */
  final List<Integer> started = new ArrayList<>();

  /** The next run of a search. */
  OptionalInt nextOfSearch = OptionalInt.empty();

  /** What runs around batches. */
  BatchHooks hooks = BatchHooks.NONE;

  /** Whether one of the runs that are already done completed. */
  boolean completedBefore;

  Optional<String> gateClosed = Optional.empty();

  /** The random number for the jitter, in [0, 1); 0.5 adds none. */
  double random = 0.5;

  final Dispatch dispatch;
  private final Map<String, RunOrder> orders = new HashMap<>();
  private long nanos = Long.MAX_VALUE - 3;

  DispatchHarness(int workers) {
    this(pool -> workers);
  }

  DispatchHarness(Capacity capacity) {
    PipelineListeners listeners = new PipelineListeners();
    listeners.add(this::changed);
    dispatch =
        new Dispatch(
            new DispatchPolicy(capacity, () -> gateClosed, INTERVAL, PATIENCE),
            this,
            listeners,
            new ControlStore(new DurableFiles()),
            () -> nanos,
            () -> random);
  }

  DispatchHarness open(Batch... batches) {
    for (Batch batch : batches) {
      unchecked(() -> dispatch.open(batch));
    }
    return this;
  }

  DispatchHarness pass(Duration time) {
    nanos += time.toNanos();
    return this;
  }

  /** Releases runs; their ids, followed by the ending of those that are only to be ended. */
  List<String> release() {
    List<String> ids = new ArrayList<>();
    for (RunOrder order : dispatch.release()) {
      orders.put(order.runId(), order);
      ids.add(
          order.runId()
              + order.requestedEnding().map(e -> " " + e.outcome() + ": " + e.reason()).orElse(""));
    }
    return ids;
  }

  DispatchHarness ended(String runId) {
    return report(runId, Kind.ENDED, "");
  }

  DispatchHarness notReady(String runId) {
    return report(runId, Kind.NOT_READY, "connection refused");
  }

  DispatchHarness targetLost(String runId) {
    RunReport lost = RunReport.on(orders.get(runId), Kind.RETRY, "connection reset");
    return report(
        new RunReport(
            lost.schema(),
            runId,
            lost.batchFolder(),
            lost.runIndex(),
            Kind.RETRY,
            lost.message(),
            "failed",
            "target_lost",
            0,
            Scope.RUN));
  }

  DispatchHarness report(String runId, Kind kind, String message) {
    return report(RunReport.on(orders.get(runId), kind, message));
  }

  DispatchHarness report(RunReport report) {
    unchecked(() -> dispatch.recorded(report));
    return this;
  }

  RunOrder order(String runId) {
    return orders.get(runId);
  }

  /** The run crashed in a former process, and was to be executed again after so long. */
  DispatchHarness crashedBefore(String runId, Duration wait) {
    results.put(runId, head(OffsetDateTime.now().plus(wait), false));
    return this;
  }

  private static Head head(OffsetDateTime next, boolean isFinal) {
    OffsetDateTime now = OffsetDateTime.now();
    return new Head(
        Outcome.FAILED,
        Cause.CRASHED.value(),
        List.of("crashed"),
        1,
        isFinal,
        isFinal ? Optional.empty() : Optional.of(next),
        now,
        now,
        Duration.ZERO,
        "");
  }

  private interface Action {
    void run() throws IOException;
  }

  private static void unchecked(Action action) {
    try {
      action.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Releases and ends runs until none remains; their ids in order. */
  List<String> runToTheEnd() {
    List<String> all = new ArrayList<>();
    for (List<String> now = release(); !now.isEmpty(); now = release()) {
      all.addAll(now);
      now.forEach(id -> ended(id.split(" ")[0]));
    }
    return all;
  }

  @Override
  public void begin(Batch batch) {
    notifications.add("opened " + batch.id());
  }

  @Override
  public void reopen(Batch batch) {
    // Nothing is pruned here.
  }

  @Override
  public boolean anyCompleted(Batch batch) {
    return completedBefore;
  }

  @Override
  public Optional<Head> recordIfDone(Run run) {
    return done.contains(run.id())
        ? Optional.of(head(OffsetDateTime.now(), true))
        : Optional.ofNullable(results.get(run.id()));
  }

  @Override
  public OptionalInt nextOfSearch(Batch batch) {
    return nextOfSearch;
  }

  @Override
  public void reopen(Run run) {
    done.remove(run.id());
    notifications.add("reopened " + run.id());
  }

  @Override
  public OptionalInt finalAttempt(Run run) {
    return done.contains(run.id()) ? OptionalInt.of(1) : OptionalInt.empty();
  }

  @Override
  public List<Integer> startedNotDone(Batch batch) {
    return List.copyOf(started);
  }

  @Override
  public BatchHooks hooks() {
    return hooks;
  }

  @Override
  public void cancelRest(Batch batch, String order) {
    notifications.add("cancelled " + batch.id());
  }

  private void changed(PipelineChange change) {
    if (change instanceof PipelineChange.Parked parked) {
      String where = parked.batch().id() + " " + parked.target();
      notifications.add("parked " + where + ": " + parked.message());
    } else if (change instanceof PipelineChange.GaveUp gaveUp) {
      String where = gaveUp.batch().id() + " " + gaveUp.target();
      notifications.add("gave up " + where + ": " + gaveUp.message());
    }
  }
}
