package dev.caravan.observe.report;

import dev.caravan.config.Target;
import dev.caravan.fleet.hub.WorkerView;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.HomeControl;
import dev.caravan.model.Owner;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What unfinished batches do, or why they do nothing, according to their files and the daemon. */
public final class BatchStates {

  static final String UNREADABLE = "unreadable";
  static final int MAX_MESSAGE = 300;

  private final Home home;
  private final ControlStore controls;
  private final HomeControl orders;
  private final Optional<DaemonStatus> daemon;
  private final List<WorkerView> workers;

  /**
   * The states of the batches of a home.
   *
   * @param orders pauses of the whole home and of targets
   * @param daemon the daemon's status; empty when none runs
   * @param workers those of a hub
   */
  public BatchStates(
      Home home,
      ControlStore controls,
      HomeControl orders,
      Optional<DaemonStatus> daemon,
      List<WorkerView> workers) {
    this.home = home;
    this.controls = controls;
    this.orders = orders;
    this.daemon = daemon;
    this.workers = List.copyOf(workers);
  }

  BatchState of(Batch batch) {
    try {
      String owner = batch.record().owner().home();
      return HomeId.find(home).filter(id -> !id.equals(owner)).isPresent()
          ? BatchState.ofAnotherHome(owner)
          : state(batch, controls.of(batch));
    } catch (IOException e) {
      return BatchState.of(UNREADABLE, OneLine.line(e.getMessage(), MAX_MESSAGE));
    }
  }

  /** Whether a running daemon reports the states. */
  boolean isServed() {
    return daemon.isPresent();
  }

  /**
   * Why no run of a batch starts now. Empty while one is executed, or nothing is known to hold it
   * back; once the batch has finished; and for one that another home or a command executes, of
   * which this home knows nothing.
   */
  public Optional<String> waiting(Batch batch) throws IOException {
    if (!isToExecute(batch)) {
      return Optional.empty();
    }
    if (daemon.isEmpty()) {
      return Optional.of(noDaemon(home));
    }
    return Optional.of(of(batch))
        .filter(state -> !state.isRunning() && !state.isUnexplained())
        .map(BatchState::sentence);
  }

  private boolean isToExecute(Batch batch) throws IOException {
    Owner owner = batch.record().owner();
    return owner.mode().equals(Owner.DAEMON)
        && HomeId.find(home).filter(owner.home()::equals).isPresent()
        && BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY))
            .flatMap(BatchSummary::finishedAt)
            .isEmpty();
  }

  /** Why nothing that was given to a home happens while no daemon runs there. */
  public static String noDaemon(Home home) {
    return "no daemon runs for " + home.root();
  }

  private BatchState state(Batch batch, Control control) {
    Optional<Control.Order> paused =
        control.paused().or(orders::paused).or(() -> targetPaused(batch));
    Optional<OffsetDateTime> since = runningSince(batch);
    Optional<String> hook = hook(batch);
    if (since.isPresent() || hook.isPresent()) {
      String then = paused.map(p -> "then paused " + p.message()).orElse("");
      return BatchState.running(then, since, hook);
    }
    if (control.cancellationOfAll().isPresent()) {
      return BatchState.of("cancelled", control.cancellationOfAll().get().message());
    }
    if (paused.isPresent()) {
      return BatchState.of("paused", paused.get().message());
    }
    return nothingStarts()
        .or(() -> held(batch).or(() -> parked(batch)).map(BatchStates::parked))
        .or(() -> waitingForWorker(batch))
        .or(() -> backingOff(batch))
        .orElseGet(
            () -> BatchState.waiting(after(batch).or(() -> whenSlotIsFree(batch)).orElse("")));
  }

  /** The state of a batch in back-off: it starts no run until one is executed again. */
  private Optional<BatchState> backingOff(Batch batch) {
    return daemon.stream()
        .flatMap(told -> told.retries().stream())
        .filter(retry -> retry.batchFolder().equals(batch.folder().toString()))
        .filter(retry -> batch.hasRun(retry.runIndex()))
        .map(retry -> BatchState.backingOff(batch.run(retry.runIndex()), retry))
        .findFirst();
  }

  /**
   * The batches that hold all targets of this one; empty if a target is free, which may be its
   * next.
   */
  private Optional<String> after(Batch batch) {
    Map<String, String> holders = daemon.map(DaemonStatus::waitedFor).orElse(Map.of());
    Set<String> ids =
        targets(batch).stream()
            .map(target -> holders.getOrDefault(target, batch.id()))
            .collect(Collectors.toCollection(TreeSet::new));
    return ids.contains(batch.id())
        ? Optional.empty()
        : Optional.of("after " + String.join(", ", ids));
  }

  private Optional<String> whenSlotIsFree(Batch batch) {
    String pool = batch.config().pool();
    List<DaemonStatus.Underway> runs =
        Stream.concat(underway(), queued()).filter(u -> u.pool().equals(pool)).toList();
    return daemon
        .filter(told -> told.full().contains(pool))
        .map(
            full ->
                runs.size() == 1
                    ? "when a run of " + id(runs.get(0)) + " ends, which uses the only slot"
                    : "when one of " + runs.size() + " runs ends: they use all slots");
  }

  private static String id(DaemonStatus.Underway run) {
    return run.run().substring(0, Math.max(0, run.run().lastIndexOf('/')));
  }

  private Optional<BatchState> nothingStarts() {
    return daemon
        .map(DaemonStatus::closed)
        .map(why -> BatchState.waiting("nothing starts: " + OneLine.line(why, MAX_MESSAGE)));
  }

  private static BatchState parked(DaemonStatus.Parked parked) {
    return BatchState.of(
        "parked", parked.message() + " (" + parked.target() + ", since " + parked.since() + ")");
  }

  /**
   * The state of a batch whose runs no worker executes, with the reasons why workers accept none.
   */
  private Optional<BatchState> waitingForWorker(Batch batch) {
    String pool = batch.config().pool();
    String refusals = WorkerView.refusals(workers, pool);
    Optional<String> unserved =
        daemon
            .map(d -> d.unserved().get(pool))
            .map(
                since ->
                    "no worker serves pool "
                        + pool
                        + (refusals.isEmpty() ? " since " + since : ""));
    boolean isSent = queued().anyMatch(run -> run.batchFolder().equals(batch.folder().toString()));
    return unserved
        .or(() -> Optional.of("no worker of pool " + pool + " has its run").filter(is -> isSent))
        .map(reason -> BatchState.waiting(reason + refusals));
  }

  private Optional<Control.Order> targetPaused(Batch batch) {
    return Optional.ofNullable(orders.pausedTargets().get(target(batch)));
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

  private Stream<DaemonStatus.Underway> underway() {
    return daemon.stream().flatMap(d -> d.underway().stream());
  }

  private Stream<DaemonStatus.Underway> queued() {
    return daemon.stream().flatMap(d -> d.queued().stream());
  }

  private Stream<DaemonStatus.Underway> underway(Batch batch) {
    return underway().filter(u -> u.batchFolder().equals(batch.folder().toString()));
  }

  private Optional<OffsetDateTime> runningSince(Batch batch) {
    return underway(batch).map(u -> OffsetDateTime.parse(u.since())).min(Comparator.naturalOrder());
  }

  /** The hook that runs for a batch, here or on a worker, in words. */
  private Optional<String> hook(Batch batch) {
    return batch.config().hooks().isEmpty()
        ? Optional.empty()
        : hookHere(batch).map(HookRun::progress).or(() -> hookOnWorker(batch));
  }

  /** The hook that runs here for a batch; not one that was cut off by a kill. */
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

  /** The targets of all runs. */
  static Set<String> targets(Batch batch) {
    return batch.config().values("url").stream()
        .map(url -> Target.of((String) url).toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
