package dev.caravan.pipeline.hooks;

import dev.caravan.config.Hook;
import dev.caravan.config.Hook.OnFailure;
import dev.caravan.config.HookEvent;
import dev.caravan.model.Batch;
import dev.caravan.model.Cause;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.HookRun;
import dev.caravan.pipeline.outcome.HookRun.Status;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The hooks around attempts. Each execution is recorded in the folder of the attempt before and
 * after it. When the attempt is released again, a hook that ran to its end is not repeated; one
 * that was cut off is.
 */
public final class AttemptHooks {

  private final HookRunner runner;
  private final PreparedTargets targets;
  private final DurableFiles files;

  /**
   * A hook that did not succeed.
   *
   * @param run its execution
   * @param onFailure what follows
   */
  public record Failure(HookRun run, OnFailure onFailure) {

    /** Whether it was ended because a stop or a cancel was requested. */
    public boolean isStop() {
      return run.status() == Status.STOPPED;
    }

    /** Whether the rest of the batch must not run; a hook that a stop ended has not failed. */
    public boolean endsBatch() {
      return !isStop() && onFailure == OnFailure.STOP;
    }
  }

  /** The hooks of the runs that this runner runs. */
  public AttemptHooks(HookRunner runner) {
    this.runner = runner;
    this.targets = runner.targets();
    this.files = runner.files();
  }

  /** The hooks that must run before this attempt starts. */
  public Set<HookEvent> due(Run run, int attempt) {
    Set<HookEvent> due = EnumSet.noneOf(HookEvent.class);
    HookRecord record = HookRecord.of(run.folder(), attempt);
    if (has(run, HookEvent.BEFORE_VARIANT)
        && !targets.isPreparedFor(run)
        && !goesOnWithout(HookEvent.BEFORE_VARIANT, run, record)) {
      due.add(HookEvent.BEFORE_VARIANT);
    }
    if (has(run, HookEvent.BEFORE_POINT) && (!due.isEmpty() || !isPointOver(run, record))) {
      due.add(HookEvent.BEFORE_POINT);
    }
    return due;
  }

  private boolean isPointOver(Run run, HookRecord record) {
    return record.last(HookEvent.BEFORE_POINT).filter(HookRun::isSuccess).isPresent()
        || goesOnWithout(HookEvent.BEFORE_POINT, run, record);
  }

  /** Whether the hook of this event has failed for the attempt, which starts all the same. */
  private boolean goesOnWithout(HookEvent event, Run run, HookRecord record) {
    return has(run, event)
        && onFailure(run.batch().config().hooks().get(event)) == OnFailure.CONTINUE
        && record.last(event).filter(HookRun::isFailed).isPresent();
  }

  /**
   * Whether hooks may have changed the target of this attempt since the run before it, so that a
   * restart or another version is what was asked for.
   */
  public static boolean expectsChange(Run run, int attempt) {
    boolean isRepeated =
        HookRecord.ofBatch(run.batch().folder()).hooks().stream().filter(HookRun::isOver).count()
            > 1;
    return has(run, HookEvent.BEFORE_POINT)
        || has(run, HookEvent.AFTER_POINT)
        || isRepeated
        || !HookRecord.of(run.folder(), attempt).hooks().isEmpty();
  }

  /** Whether a hook around a run of this batch may stop the rest of it. */
  public static boolean mayStop(Batch batch) {
    return batch.config().hooks().entrySet().stream().anyMatch(AttemptHooks::mayStop);
  }

  private static boolean mayStop(Map.Entry<HookEvent, Hook> hook) {
    return !hook.getKey().isOfBatch() && hook.getValue().onFailure() == OnFailure.STOP;
  }

  /**
   * Why the rest of its batch must not run, as the record of a run that has ended tells.
   *
   * @param since when what hooks had done before became irrelevant
   */
  public static Optional<String> stopOf(Run run, OffsetDateTime since) {
    HookRecord record = HookRecord.ofNewest(run.folder());
    return run.batch().config().hooks().entrySet().stream()
        .filter(AttemptHooks::mayStop)
        .flatMap(hook -> record.lastInAnyBoot(hook.getKey()).stream())
        .filter(HookRun::isFailed)
        .filter(failed -> failed.endedAt().filter(end -> end.isAfter(since)).isPresent())
        .map(failed -> Cause.HOOK_FAILED.value() + ": " + failed.reason())
        .findFirst();
  }

  private static boolean has(Run run, HookEvent event) {
    return run.batch().config().hooks().containsKey(event);
  }

  /**
   * Runs the hooks that are due before an attempt.
   *
   * @return the one after which the attempt must not start; empty if it may
   */
  public Optional<Failure> before(Run run, int attempt, StopSignal stop) throws IOException {
    Set<HookEvent> due = due(run, attempt);
    Optional<PreparedTarget> previous = targets.last(run);
    if (!due.isEmpty()) {
      targets.forget(run);
    }
    for (HookEvent event : due) {
      Optional<Failure> failure = run(event, run, attempt, previous, stop);
      if (failure
          .filter(each -> each.isStop() || each.onFailure() != OnFailure.CONTINUE)
          .isPresent()) {
        return failure;
      }
    }
    prepared(run, attempt);
    return Optional.empty();
  }

  /** Notes that no hook is due before this attempt any more. */
  public void prepared(Run run, int attempt) throws IOException {
    HookRecord record = HookRecord.of(run.folder(), attempt);
    if (run.batch().config().hasRunHooks()
        && !goesOnWithout(HookEvent.BEFORE_VARIANT, run, record)) {
      targets.prepared(run);
    }
  }

  /**
   * Notes that the previous attempt lost its target, so that what was prepared there may be gone.
   */
  public void targetLost(Run run, int attempt) throws IOException {
    if (run.batch().config().hasRunHooks()
        && HookRecord.of(run.folder(), attempt).hooks().isEmpty()) {
      targets.forget(run);
    }
  }

  /** How long a hook may take. */
  public Duration limit() {
    return runner.limit();
  }

  /**
   * Runs the hook after an attempt, if there is one; returns it if it did not succeed.
   *
   * @param stop asked for the signal that ends it, when there is one
   */
  public Optional<Failure> after(Run run, int attempt, Supplier<StopSignal> stop)
      throws IOException {
    return has(run, HookEvent.AFTER_POINT)
        ? run(HookEvent.AFTER_POINT, run, attempt, Optional.empty(), stop.get())
        : Optional.empty();
  }

  private Optional<Failure> run(
      HookEvent event, Run run, int attempt, Optional<PreparedTarget> previous, StopSignal stop)
      throws IOException {
    Hook hook = run.batch().config().hooks().get(event);
    HookRun begun = HookRun.started(event, hook.name(), RunFolder.hookLog(event.key()));
    HookRecord before = HookRecord.of(run.folder(), attempt);
    record(run, attempt, begun);
    HookRun ended =
        runner.run(
            begun,
            run.id(),
            new HookRunner.Request(
                hook,
                event,
                run.batch(),
                HookInput.of(event, run, attempt, previous),
                run.folder().resolve(begun.log()),
                stop,
                elapsed -> Optional.empty()),
            before);
    record(run, attempt, ended);
    return ended.isSuccess() ? Optional.empty() : Optional.of(new Failure(ended, onFailure(hook)));
  }

  /** A host that does not know a hook must not execute what the hook should prepare. */
  private OnFailure onFailure(Hook hook) {
    return hook.onFailure() == OnFailure.CONTINUE && !runner.knows(hook)
        ? OnFailure.SKIP
        : hook.onFailure();
  }

  private void record(Run run, int attempt, HookRun hook) throws IOException {
    files.createDirectories(run.folder());
    HookRecord record = HookRecord.of(run.folder(), attempt).with(hook).doneBy(runner.homeId());
    files.writeOver(new RunFolder(run.folder()).hooks(), record.json());
  }
}
