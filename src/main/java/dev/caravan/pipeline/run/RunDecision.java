package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import java.io.IOException;
import java.util.Optional;

/**
 * Decides whether the run of an order must be executed. A run that is done, cancelled, or lost too
 * many times in a row is not.
 *
 * @param files the files of runs
 * @param executor what executes the run if it must be executed
 */
record RunDecision(RunFolderWriter files, Executor executor) {

  /** What executes runs, and ends those that need no execution. */
  interface Executor {

    /** The report on a run that cannot be executed now; empty if it can. */
    Optional<RunReport> obstacle(RunOrder order, Run run) throws IOException;

    /** Archives the last attempt of a run that is about to be executed. */
    void setAside(Run run) throws IOException;

    /** Ends a run without executing it. */
    RunReport end(RunOrder order, Run run, RunOrder.Ending ending) throws IOException;
  }

  /** The report on a run that is not executed; empty if it must be, its last attempt set aside. */
  Optional<RunReport> withoutExecution(RunOrder order, Run run) throws IOException {
    Optional<Head> done = files.finalResult(run);
    if (done.isPresent()) {
      return Optional.of(RunReport.ended(order, done.get()));
    }
    Optional<RunOrder.Ending> cancelled = files.cancelled(run);
    Optional<RunOrder.Ending> ending = order.requestedEnding().or(() -> cancelled);
    if (ending.isPresent()) {
      return Optional.of(executor.end(order, run, ending.get()));
    }
    Optional<RunReport> obstacle = executor.obstacle(order, run);
    if (obstacle.isPresent()) {
      return obstacle;
    }
    executor.setAside(run);
    Optional<RunOrder.Ending> lost = files.lostTooOften(run);
    return lost.isPresent() ? Optional.of(executor.end(order, run, lost.get())) : Optional.empty();
  }
}
