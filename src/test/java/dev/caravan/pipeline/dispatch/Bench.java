package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.run.RunReport.Reach;
import dev.caravan.pipeline.target.Target;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** A dispatch with a clock that is moved by hand, and somebody who notes what it does. */
final class Bench implements ProgressListener {

  static final Duration INTERVAL = Duration.ofSeconds(5);
  static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What dispatch said of batches and targets. */
  final List<String> said = new ArrayList<>();

  /** Ids of the runs that an earlier life did. */
  final Set<String> doneBefore = new HashSet<>();

  /** Indexes of the runs that an earlier life began and did not end. */
  final List<Integer> begun = new ArrayList<>();

  Optional<String> gate = Optional.empty();

  /** What takes the place of chance, in [0, 1); 0.5 leaves pauses as they are. */
  double chance = 0.5;

  final Dispatch dispatch;
  private final Map<String, RunOrder> orders = new HashMap<>();
  private long nanos = Long.MAX_VALUE - 3;

  Bench(int workers) {
    dispatch =
        new Dispatch(
            new Dispatch.Policy(pool -> workers, INTERVAL, PATIENCE),
            this,
            new ControlStore(new DurableFiles()),
            () -> gate,
            () -> nanos,
            () -> chance);
  }

  Bench open(Batch... batches) {
    for (Batch batch : batches) {
      quietly(() -> dispatch.open(batch));
    }
    return this;
  }

  Bench pass(Duration time) {
    nanos += time.toNanos();
    return this;
  }

  /** Ids of the runs that are released now; one that is only to be ended says how. */
  List<String> release() {
    List<String> ids = new ArrayList<>();
    for (String json : dispatch.release()) {
      RunOrder order = RunOrder.of(json);
      orders.put(order.runId(), order);
      ids.add(
          order.runId()
              + order.requestedEnding().map(e -> " " + e.outcome() + ": " + e.reason()).orElse(""));
    }
    return ids;
  }

  Bench ended(String runId) {
    return report(runId, Kind.ENDED, "");
  }

  Bench notReady(String runId) {
    return report(runId, Kind.NOT_READY, "connection refused");
  }

  Bench targetLost(String runId) {
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
            Reach.RUN));
  }

  Bench report(String runId, Kind kind, String message) {
    return report(RunReport.on(orders.get(runId), kind, message));
  }

  Bench report(RunReport report) {
    quietly(() -> dispatch.recorded(report.json()));
    return this;
  }

  RunOrder order(String runId) {
    return orders.get(runId);
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void quietly(Work work) {
    try {
      work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Releases and ends runs until there is nothing more to release; their ids in order. */
  List<String> runToTheEnd() {
    List<String> all = new ArrayList<>();
    for (List<String> now = release(); !now.isEmpty(); now = release()) {
      all.addAll(now);
      now.forEach(id -> ended(id.split(" ")[0]));
    }
    return all;
  }

  @Override
  public void opened(Batch batch) {
    said.add("opened " + batch.id());
  }

  @Override
  public boolean doneBefore(Run run) {
    return doneBefore.contains(run.id());
  }

  @Override
  public void again(Run run) {
    doneBefore.remove(run.id());
    said.add("again " + run.id());
  }

  @Override
  public OptionalInt attemptDone(Run run) {
    return doneBefore.contains(run.id()) ? OptionalInt.of(1) : OptionalInt.empty();
  }

  @Override
  public List<Integer> begun(Batch batch) {
    return List.copyOf(begun);
  }

  @Override
  public void cancelled(Batch batch) {
    said.add("cancelled " + batch.id());
  }

  @Override
  public void parked(Batch batch, Target target, String message) {
    said.add("parked " + batch.id() + " " + target + ": " + message);
  }

  @Override
  public void gaveUp(Batch batch, Target target, String message) {
    said.add("gave up " + batch.id() + " " + target + ": " + message);
  }
}
