package dev.caravan.pipeline.hooks;

import dev.caravan.config.Hook;
import dev.caravan.config.Hook.OnFailure;
import dev.caravan.config.HookEvent;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.process.Watchdog;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RepeatedTrouble;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the hooks around the batches of this home, each in a thread of its own. What has run is
 * recorded in the batch folder. After a restart, a hook that ran to its end is not repeated; one
 * that was cut off is. When runs of a finished batch are executed again, its hooks run again too.
 * Thread-safe.
 */
public final class OwnedBatchHooks implements BatchHooks {

  private static final Logger LOG = LoggerFactory.getLogger(OwnedBatchHooks.class);

  private final HookRunner runner;
  private final PreparedTargets targets;
  private final ControlStore controls;
  private final DurableFiles files;
  private final Changes changes;
  private final Consumer<Batch> ended;
  private final Map<Path, StopSignal> running = new HashMap<>();
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);

  /**
   * Records that could not be written yet: a full disk must not make a hook run again and again.
   */
  private final Map<Path, HookRecord> unwritten = new HashMap<>();

  /** Hooks that have run to their end and whose failure could not cancel the batch yet. */
  private final Map<Path, HookRun> pendingCancels = new HashMap<>();

  private Optional<String> stopping = Optional.empty();

  /** Changes what is requested for a batch. */
  @FunctionalInterface
  public interface Changes {

    /** Makes this change to the control orders of a batch. */
    void make(Batch batch, UnaryOperator<Control> change) throws IOException;
  }

  /**
   * The hooks of the batches of a Caravan.
   *
   * @param changes cancel a batch whose hook failed
   * @param ended is called when the hook after a batch is over
   */
  public OwnedBatchHooks(HookRunner runner, Changes changes, Consumer<Batch> ended) {
    this.runner = runner;
    this.targets = runner.targets();
    this.files = runner.files();
    this.controls = new ControlStore(files);
    this.changes = changes;
    this.ended = ended;
  }

  @Override
  public synchronized boolean begin(Batch batch) {
    boolean isDue = batch.config().hasBatchHooks() && !record(batch).isBegunInThisBoot();
    if (isDue && mayStart(batch)) {
      start(batch, HookEvent.BEFORE_BATCH);
    }
    return !isDue && !isRunning(batch);
  }

  @Override
  public synchronized boolean end(Batch batch) {
    boolean isDue = !isOver(batch);
    if (isDue && mayStart(batch)) {
      start(batch, HookEvent.AFTER_BATCH);
    }
    boolean isOver = !isDue && !isRunning(batch);
    if (isOver && batch.config().hasBatchHooks() && record(batch).begun()) {
      close(batch);
    }
    return isOver;
  }

  private boolean mayStart(Batch batch) {
    return !isRunning(batch) && stopping.isEmpty() && troubles.isDue(thing(batch));
  }

  /**
   * Marks a batch as not begun, so that its first hook runs again if its runs do, even if it has no
   * hook after its runs.
   */
  private void close(Batch batch) {
    try {
      save(batch, record(batch).withBegun(false));
    } catch (IOException e) {
      LOG.warn("[{}] Cannot write which hooks have run: {}", batch.id(), e.toString());
    }
  }

  @Override
  public synchronized boolean isRunning(Batch batch) {
    return running.containsKey(batch.folder());
  }

  @Override
  public synchronized boolean isOver(Batch batch) {
    return !batch.config().hooks().containsKey(HookEvent.AFTER_BATCH) || !record(batch).begun();
  }

  @Override
  public Duration allowance(Batch batch) {
    long around =
        batch.config().hooks().keySet().stream().filter(event -> !event.isOfBatch()).count();
    return runner.limit().multipliedBy(around);
  }

  /** Ends what is running, to be repeated later, and starts no more. */
  public synchronized void stop(String message) {
    stopping = Optional.of(message);
    running.values().forEach(stop -> stop.stop(message));
  }

  /** Waits until nothing is running; false when the timeout passed first. */
  public synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!running.isEmpty()) {
      long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (millis <= 0) {
        return false;
      }
      wait(millis);
    }
    return true;
  }

  private HookRecord record(Batch batch) {
    HookRecord unsaved = unwritten.get(batch.folder());
    return unsaved == null ? HookRecord.ofBatch(batch.folder()) : unsaved;
  }

  private static String thing(Batch batch) {
    return batch.folder().toString();
  }

  private static Path file(Batch batch) {
    return batch.folder().resolve(BatchFolder.HOOKS);
  }

  private void start(Batch batch, HookEvent event) {
    StopSignal stop = new StopSignal();
    running.put(batch.folder(), stop);
    Thread thread = new Thread(() -> run(batch, event, stop), "hook-" + event.key());
    thread.setDaemon(true);
    thread.start();
  }

  private void run(Batch batch, HookEvent event, StopSignal stop) {
    try {
      Optional<Hook> hook = Optional.ofNullable(batch.config().hooks().get(event));
      if (hook.isEmpty()) {
        save(batch, recordOf(batch).withBegun(true));
      } else {
        run(batch, event, hook.get(), stop);
      }
      troubles.over(thing(batch));
    } catch (IOException | RuntimeException e) {
      // What is neither recorded nor remembered did not happen: it is tried again.
      if (troubles.add(thing(batch), e.toString())) {
        LOG.error("[{}] Hook {}: {}", batch.id(), event.key(), e.toString());
      }
    } finally {
      over(batch);
    }
    if (event == HookEvent.AFTER_BATCH && isOver(batch)) {
      ended.accept(batch);
    }
  }

  private void run(Batch batch, HookEvent event, Hook hook, StopSignal stop) throws IOException {
    Optional<HookRun> earlier = pendingCancel(batch, event);
    HookRun result = earlier.isPresent() ? earlier.get() : execute(batch, event, hook, stop);
    if (result.isFailed() && hook.onFailure() == OnFailure.STOP) {
      cancel(batch, result);
    }
    boolean begins = event == HookEvent.BEFORE_BATCH;
    HookRecord now = recordOf(batch).with(result);
    save(batch, result.status() == Status.STOPPED ? now : now.withBegun(begins));
  }

  /** Notes that it begins only when nothing but the hook itself can fail. */
  private HookRun execute(Batch batch, HookEvent event, Hook hook, StopSignal stop)
      throws IOException {
    HookRun begun = HookRun.started(event, hook.name(), RunFolder.hookLog(event.key()));
    Path log = batch.folder().resolve(begun.log());
    HookRunner.Request request =
        new HookRunner.Request(
            hook, event, batch, HookInput.of(event, batch), log, stop, cancelled(batch));
    targets.forget(batch);
    HookRecord before = recordOf(batch);
    files.writeOver(file(batch), before.with(begun).json());
    return runner.run(begun, batch.id(), request, before);
  }

  /** Before the end of the hook is recorded: a kill now must not let the runs start. */
  private void cancel(Batch batch, HookRun failed) throws IOException {
    setPendingCancel(batch, Optional.of(failed));
    Control.Order order = new Control.Order("caravan", failed.reason());
    changes.make(batch, control -> control.withCancellation(order));
    setPendingCancel(batch, Optional.empty());
  }

  private synchronized void setPendingCancel(Batch batch, Optional<HookRun> open) {
    pendingCancels.compute(batch.folder(), (folder, before) -> open.orElse(null));
  }

  private synchronized Optional<HookRun> pendingCancel(Batch batch, HookEvent event) {
    return Optional.ofNullable(pendingCancels.get(batch.folder())).filter(run -> run.isOf(event));
  }

  /** Ends a hook when its batch is cancelled meanwhile, also for the second time after a retry. */
  private Watchdog cancelled(Batch batch) throws IOException {
    Optional<Control.Order> before = controls.of(batch).cancellationOfAll();
    return elapsed -> {
      try {
        return controls
            .of(batch)
            .cancellationOfAll()
            .filter(order -> before.isEmpty())
            .map(order -> "cancelled " + order.message());
      } catch (IOException unreadableNow) {
        return Optional.empty(); // asked again at once
      }
    };
  }

  private synchronized HookRecord recordOf(Batch batch) {
    return record(batch);
  }

  private void save(Batch batch, HookRecord now) throws IOException {
    remember(batch, now);
    files.writeOver(file(batch), now.json());
    written(batch);
  }

  private synchronized void written(Batch batch) {
    unwritten.remove(batch.folder());
  }

  private synchronized void remember(Batch batch, HookRecord now) {
    unwritten.put(batch.folder(), now);
  }

  private synchronized void over(Batch batch) {
    running.remove(batch.folder());
    notifyAll();
  }
}
