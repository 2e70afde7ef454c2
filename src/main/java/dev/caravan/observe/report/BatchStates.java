package dev.caravan.observe.report;

import dev.caravan.config.Target;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.HomeControl;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.OneLine;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What unfinished batches do, or why they do nothing, by their files and by what the daemon tells.
 */
public final class BatchStates {

  static final String RUNNING = "running";
  static final String WAITING = "waiting";
  static final String UNREADABLE = "unreadable";
  static final int MAX_MESSAGE = 300;

  private final ControlStore controls;
  private final HomeControl home;
  private final Optional<DaemonStatus> daemon;
  private final List<WorkerView> workers;

  /**
   * The states of the batches of a home.
   *
   * @param home pauses of the whole home and of targets
   * @param daemon the daemon's status; empty when none runs
   * @param workers those of a hub
   */
  public BatchStates(
      ControlStore controls,
      HomeControl home,
      Optional<DaemonStatus> daemon,
      List<WorkerView> workers) {
    this.controls = controls;
    this.home = home;
    this.daemon = daemon;
    this.workers = List.copyOf(workers);
  }

  /**
   * The state of a batch.
   *
   * @param name {@code running}, {@code waiting}, {@code parked}, {@code paused}, {@code cancelled}
   *     or {@code unreadable}
   * @param message the reason for it; may be empty
   */
  record State(String name, String message) {

    boolean isActive() {
      return name.equals(RUNNING) || name.equals(WAITING);
    }

    private String sentence() {
      String said = isActive() ? "" : name + (message.startsWith("by ") ? " " : ": ");
      return said + message;
    }
  }

  State of(Batch batch) {
    try {
      return state(batch, controls.of(batch));
    } catch (IOException e) {
      return new State(UNREADABLE, OneLine.line(e.getMessage(), MAX_MESSAGE));
    }
  }

  /**
   * Why no run of a batch starts now: what holds it back, or else the batch whose runs are executed
   * meanwhile; empty while one of its own is executed, or is about to be.
   */
  public Optional<String> waiting(Batch batch) {
    State state = of(batch);
    if (state.name().equals(RUNNING)) {
      return Optional.empty();
    }
    return state.message().isEmpty()
        ? others().map(id -> "after " + id)
        : Optional.of(state.sentence());
  }

  /** The batches that runs in flight are of. */
  private Optional<String> others() {
    return Optional.of(
            underway()
                .map(run -> run.run().substring(0, Math.max(0, run.run().lastIndexOf('/'))))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", ")))
        .filter(ids -> !ids.isEmpty());
  }

  private State state(Batch batch, Control control) {
    Optional<Control.Order> paused =
        control.paused().or(home::paused).or(() -> targetPaused(batch));
    if (runningSince(batch).isPresent() || hook(batch).isPresent()) {
      return new State(RUNNING, paused.map(p -> "then paused " + p.message()).orElse(""));
    }
    if (control.cancelled().isPresent()) {
      return new State("cancelled", control.cancelled().get().message());
    }
    if (paused.isPresent()) {
      return new State("paused", paused.get().message());
    }
    return nothingStarts()
        .or(() -> held(batch).or(() -> parked(batch)).map(BatchStates::parked))
        .or(() -> waitingForWorker(batch))
        .orElse(new State(WAITING, ""));
  }

  private Optional<State> nothingStarts() {
    return daemon
        .map(DaemonStatus::closed)
        .map(why -> new State(WAITING, "nothing starts: " + OneLine.line(why, MAX_MESSAGE)));
  }

  private static State parked(DaemonStatus.Parked parked) {
    return new State(
        "parked", parked.message() + " (" + parked.target() + ", since " + parked.since() + ")");
  }

  private Optional<State> waitingForWorker(Batch batch) {
    String pool = batch.config().pool();
    return daemon
        .map(d -> d.unserved().get(pool))
        .map(since -> new State(WAITING, "no worker serves pool " + pool + " since " + since));
  }

  private Optional<Control.Order> targetPaused(Batch batch) {
    return Optional.ofNullable(home.pausedTargets().get(target(batch)));
  }

  /** Why only this batch waits: its target refused what was asked for it. */
  private Optional<DaemonStatus.Parked> held(Batch batch) {
    return daemon.stream()
        .flatMap(d -> d.held().stream())
        .filter(held -> held.batchFolder().equals(batch.folder().toString()))
        .map(held -> new DaemonStatus.Parked(held.target(), held.message(), held.since()))
        .findFirst();
  }

  private Optional<DaemonStatus.Parked> parked(Batch batch) {
    return daemon.stream()
        .flatMap(d -> d.parked().stream())
        .filter(p -> p.target().equals(target(batch)))
        .findFirst();
  }

  /** The runs in flight. */
  Stream<DaemonStatus.Underway> underway() {
    return daemon.stream().flatMap(d -> d.underway().stream());
  }

  private Stream<DaemonStatus.Underway> underway(Batch batch) {
    return underway().filter(u -> u.batchFolder().equals(batch.folder().toString()));
  }

  /** Since when a run of this batch is in flight. */
  Optional<OffsetDateTime> runningSince(Batch batch) {
    return underway(batch).map(u -> OffsetDateTime.parse(u.since())).min(Comparator.naturalOrder());
  }

  /** The hook that runs for this batch, in words: here, or on a worker as that one tells. */
  Optional<String> hook(Batch batch) {
    return batch.config().hooks().isEmpty()
        ? Optional.empty()
        : hookHere(batch).map(HookRun::progress).or(() -> hookOnWorker(batch));
  }

  /** One that a kill cut off runs no more. */
  private Optional<HookRun> hookHere(Batch batch) {
    Stream<HookRecord> ofRuns =
        underway(batch).map(u -> HookRecord.ofNewest(batch.run(u.runIndex()).folder()));
    return Stream.concat(Stream.of(HookRecord.ofBatch(batch.folder())), ofRuns)
        .flatMap(record -> record.underway().stream())
        .filter(hook -> daemon.filter(each -> each.isOlderThan(hook.startedAt())).isPresent())
        .findFirst();
  }

  private Optional<String> hookOnWorker(Batch batch) {
    return underway(batch)
        .flatMap(run -> workers.stream().map(worker -> worker.hooks().getOrDefault(run.run(), "")))
        .filter(hook -> !hook.isEmpty())
        .findFirst();
  }

  /** The target of the first run, which also stands for a batch that sweeps over targets. */
  static String target(Batch batch) {
    return Target.of(batch.firstRun().parameters().url()).toString();
  }
}
