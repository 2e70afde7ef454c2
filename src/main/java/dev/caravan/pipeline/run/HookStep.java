package dev.caravan.pipeline.run;

import dev.caravan.model.Cause;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.hooks.AttemptHooks;
import dev.caravan.pipeline.process.StopSignal;
import java.io.IOException;
import java.util.Optional;

/** Runs the hooks that are due before an attempt, while its target is locked and not yet probed. */
public final class HookStep {

  private final RunStage runs;

  public HookStep(RunStage runs) {
    this.runs = runs;
  }

  /** Runs the hooks that are due; after a failure, the returned task may have its report. */
  public RunTask before(RunTask task) throws IOException {
    if (task.result().isPresent()) {
      return task;
    }
    int attempt = runs.files().nextAttempt(task.run());
    if (runs.files().lostItsTarget(task.run())) {
      runs.hooks().targetLost(task.run(), attempt);
    }
    if (runs.hooks().due(task.run(), attempt).isEmpty()) {
      runs.hooks().prepared(task.run(), attempt);
      return task;
    }
    StopSignal stop = runs.beginPreflight(task);
    try {
      Optional<AttemptHooks.Failure> failure = runs.hooks().before(task.run(), attempt, stop);
      if (failure.isPresent()) {
        return failed(task, failure.get(), stop);
      }
      return runs.unlessStopping(task);
    } finally {
      runs.endPreflight(task);
    }
  }

  private RunTask failed(RunTask task, AttemptHooks.Failure failure, StopSignal stop)
      throws IOException {
    if (failure.isStop()) {
      return runs.stopped(task, stop.message().orElse("the waiting thread was interrupted"));
    }
    RunOrder.Ending ending = RunOrder.Ending.failed(Cause.HOOK_FAILED, failure.run().reason());
    return runs.end(
        task, ending, failure.endsBatch() ? RunReport.Scope.BATCH : RunReport.Scope.RUN);
  }
}
