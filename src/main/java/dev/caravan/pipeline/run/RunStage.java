package dev.caravan.pipeline.run;

import dev.caravan.config.Target;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.hooks.AttemptHooks;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.target.TargetUrls;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The run stage: the steps of its route, from a run order to its report. In this order: {@link
 * #take}, {@link #prepare}, {@link #finish}, {@link #report}.
 */
public final class RunStage {

  private final RunTree tree;
  private final TargetProbes probes;
  private final HostLocks locks;
  private final LaunchFactory launches;
  private final RunFolderWriter files;
  private final RunLogLines log;

  private final AttemptHooks hooks;
  private final FailedAttempts failed;

  private final RunningAttempts running = new RunningAttempts(System::nanoTime);

  /**
   * A run stage.
   *
   * @param tree the runs that may be executed here
   * @param locks the locks shared with other Caravan processes of this host
   * @param hooks run around attempts
   * @param prefixLines whether log lines name the batch, as they must when several batches run
   */
  public RunStage(
      RunTree tree,
      TargetProbes probes,
      HostLocks locks,
      LaunchFactory launches,
      AttemptHooks hooks,
      boolean prefixLines) {
    this.hooks = hooks;
    this.tree = tree;
    this.probes = probes;
    this.locks = locks;
    this.launches = launches;
    this.files = tree.files();
    this.log = new RunLogLines(prefixLines, files.isOnWorker());
    this.failed = new FailedAttempts(files, log);
  }

  /**
   * Loads the run of an order, locks its target and sets an earlier attempt aside. If the run needs
   * no execution, the task already has its report.
   *
   * @throws InvalidRunOrderException when the order does not name a run that may be executed here
   */
  public RunTask take(RunOrder order) throws InvalidRunOrderException, IOException {
    running.begin(order);
    Run run = run(order);
    RunTask task = new RunTask(order, run, probe(run), Optional.empty(), Optional.empty());
    return new RunDecision(files, new Here())
        .withoutExecution(order, run)
        .map(task::with)
        .orElse(task);
  }

  private final class Here implements RunDecision.Executor {

    /** A run cannot start while Caravan is stopping, or while its target is busy. */
    @Override
    public Optional<RunReport> obstacle(RunOrder order, Run run) {
      Optional<String> stopping = running.obstacle(order);
      if (stopping.isPresent()) {
        return Optional.of(RunReport.on(order, Kind.STOPPED, stopping.get()));
      }
      return locks
          .take(order.runKey(), Target.of(run.parameters().url()))
          .map(holder -> RunReport.on(order, Kind.BUSY, holder));
    }

    @Override
    public void setAside(Run run) throws IOException {
      failed.setAside(run);
    }

    @Override
    public RunReport end(RunOrder order, Run run, RunOrder.Ending ending) throws IOException {
      return RunStage.this.end(order, run, ending);
    }
  }

  private static Optional<URI> probe(Run run) {
    return TargetUrls.probe(run.parameters(), run.batch().config().readiness());
  }

  /** Whether aiperf may be started now. */
  public boolean mayStart(RunTask task) {
    return task.mayStart();
  }

  /** Prepares the next attempt of a run. */
  public Attempt prepare(RunTask task) throws IOException {
    Attempt attempt = launches.attempt(task, files.nextAttempt(task.run()));
    files.writeStarted(attempt);
    failed.started(task.run());
    log.started(attempt);
    running.add(attempt);
    // Checked again: a cancel that came before the attempt was added did not find it.
    files.cancelled(task.run()).ifPresent(how -> cancel(task.order(), how.reason()));
    return attempt;
  }

  /** Judges an attempt that ended and writes its result into the run folder. */
  public RunTask finish(Attempt attempt, ProcessExit exit) throws IOException {
    try {
      RunTask task = attempt.task();
      boolean stopped = exit.how() == ProcessExit.How.STOPPED && !running.isCancelled(task.order());
      RunFolderWriter.Written written =
          files.writeEnded(
              attempt,
              exit,
              stopped,
              () -> probes.isUp(task.run().parameters(), task.rules()),
              () ->
                  hooks.after(
                      task.run(),
                      attempt.number(),
                      () -> running.next(task.order(), hooks.limit())));
      failed.recorded(task.run());
      log.ended(task.run(), written.result(), written.retry());
      return stopped ? task.with(Kind.STOPPED, exit.message()) : task.with(report(task, written));
    } finally {
      running.remove(attempt);
    }
  }

  private static RunReport report(RunTask task, RunFolderWriter.Written written) {
    RunReport report =
        written
            .retry()
            .map(delay -> RunReport.retry(task.order(), written.result().head(), delay))
            .orElseGet(() -> RunReport.ended(task.order(), written.result().head()));
    return written.stopsBatch().map(report::stoppingBatch).orElse(report);
  }

  /** The report of a task; releases its target. */
  public RunReport report(RunTask task) throws IOException {
    return answer(task.order(), task.report());
  }

  /**
   * Ends an order in the only way there is: releases the locks that it took and returns its report.
   */
  private RunReport answer(RunOrder order, RunReport report) throws IOException {
    try {
      boolean busy = report.kind() == Kind.BUSY;
      if (!busy) { // if busy, the holder may be an earlier order for the same run
        locks.release(order.runKey());
      }
      return report;
    } finally {
      running.end(order);
    }
  }

  /** The report on an order whose run cannot be loaded, so that dispatch does not wait for it. */
  public RunReport reject(RunOrder order, Exception cause) throws IOException {
    running.remove(order);
    failed.rejected(order, cause);
    return answer(order, RunReport.on(order, Kind.INTERNAL_ERROR, cause.getMessage()));
  }

  /** Records an error in Caravan while it processed an order; returns the report. */
  public RunReport internalError(RunOrder order, Exception failure) throws IOException {
    Run run;
    try {
      run = run(order);
    } catch (InvalidRunOrderException e) {
      failed.unloadable(order, e, failure);
      return reject(order, e);
    }
    running.remove(order);
    return answer(order, failed.report(order, run, failure));
  }

  /**
   * Cancels the run of an order if it is running here: ends its process tree and keeps its files.
   */
  public boolean cancel(RunOrder order, String message) {
    return running.cancel(order, message);
  }

  /** Why runs that are to be executed here wait for the disk; empty if none does. */
  public Optional<String> trouble() {
    return failed.trouble();
  }

  /** The orders of runs that are still running here although all their limits have passed. */
  public List<RunOrder> overdue() {
    return running.overdue();
  }

  /** Ends all running attempts and starts no more; {@code message} is the reason. */
  public void stop(String message) {
    running.stop(message);
  }

  /** Ends the orders that are being executed, if any, to be repeated later; others may start. */
  public boolean interrupt(String message) {
    return running.interrupt(message);
  }

  /** Starts nothing more, and ends what is still running after this time. */
  public void stopAfter(Duration drain, String message) throws InterruptedException {
    running.drain(message);
    if (!running.awaitIdle(drain)) {
      running.stop(message);
    }
  }

  /** Waits until no order is being executed; false when the timeout passed first. */
  public boolean awaitIdle(Duration timeout) throws InterruptedException {
    return running.awaitIdle(timeout);
  }

  /** The task; with a report that it was stopped if a stop came since its order was received. */
  RunTask unlessStopping(RunTask task) {
    return task.result().isPresent()
        ? task
        : running
            .obstacle(task.order())
            .map(message -> task.with(Kind.STOPPED, message))
            .orElse(task);
  }

  /** Begins the preflight of a run; a stop or a cancel triggers the returned signal. */
  StopSignal beginPreflight(RunTask task) throws IOException {
    StopSignal stop = new StopSignal();
    running.add(task.order(), stop);
    files.cancelled(task.run()).ifPresent(how -> cancel(task.order(), how.reason()));
    return stop;
  }

  /** Adds the report to a run whose preflight was stopped. */
  RunTask stopped(RunTask task, String message) throws IOException {
    return running.isCancelled(task.order())
        ? end(task, RunOrder.Ending.of(Outcome.CANCELLED, message), RunReport.Scope.RUN)
        : task.with(Kind.STOPPED, message);
  }

  /** Ends the preflight of a run. */
  void endPreflight(RunTask task) {
    running.remove(task.order());
  }

  /** Logs a warning about a run that has not started. */
  void warn(Run run, String message) {
    log.warned(run, message);
  }

  /** The hooks around attempts. */
  AttemptHooks hooks() {
    return hooks;
  }

  /** The files in run folders. */
  RunFolderWriter files() {
    return files;
  }

  /** Ends a run without executing it; {@code scope} says which runs the reason concerns. */
  RunTask end(RunTask task, RunOrder.Ending ending, RunReport.Scope scope) throws IOException {
    return task.with(end(task.order(), task.run(), ending).withScope(scope));
  }

  private RunReport end(RunOrder order, Run run, RunOrder.Ending ending) throws IOException {
    failed.setAside(run);
    ProcessResult result = files.writeNotExecuted(run, ending);
    log.ended(run, result, Optional.empty());
    return RunReport.ended(order, result.head());
  }

  private Run run(RunOrder order) throws InvalidRunOrderException {
    return tree.run(order.batchFolder(), order.runIndex());
  }
}
