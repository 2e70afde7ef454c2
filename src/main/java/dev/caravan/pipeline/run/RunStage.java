package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.pipeline.target.Target;
import dev.caravan.pipeline.target.TargetUrls;
import dev.caravan.storage.OutputRoots;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run stage: what its route does with an order, step by step. */
public final class RunStage {

  private static final Logger LOG = LoggerFactory.getLogger(RunStage.class);
  private static final Duration AFTER_DISK_TROUBLE = Duration.ofSeconds(10);

  private final BatchStore batches;
  private final OutputRoots roots;
  private final TargetProbes probes;
  private final HostLocks locks;
  private final LaunchFactory launches;
  private final RunFolderWriter files;
  private final RunLogLines lines;

  /** Why attempts of this life have no result, by run. */
  private final Map<String, String> troubles = new ConcurrentHashMap<>();

  private final RunningAttempts underway = new RunningAttempts(System::nanoTime);

  /**
   * A run stage.
   *
   * @param roots where batch folders may lie
   * @param locks what other Caravans of this host respect
   * @param prefixLines whether log lines name the batch, as they must where several are worked on
   */
  public RunStage(
      BatchStore batches,
      OutputRoots roots,
      TargetProbes probes,
      HostLocks locks,
      LaunchFactory launches,
      RunFolderWriter files,
      boolean prefixLines) {
    this.batches = batches;
    this.roots = roots;
    this.probes = probes;
    this.locks = locks;
    this.launches = launches;
    this.files = files;
    this.lines = new RunLogLines(prefixLines);
  }

  /**
   * Reads an order, finds its run, takes its target for this host and sets an earlier attempt
   * aside. What needs no execution has its report already.
   *
   * @throws InvalidRunOrderException when the message is no run that this Caravan may execute
   */
  public RunTask take(String json) throws InvalidRunOrderException, IOException {
    RunOrder order = order(json);
    Run run = run(order);
    RunTask task = new RunTask(order, run, probe(run), Optional.empty(), Optional.empty());
    Optional<Head> done = files.end(run);
    if (done.isPresent()) {
      return task.with(RunReport.ended(order, done.get()));
    }
    Optional<RunOrder.Ending> cancelled = files.cancelled(run);
    if (underway.stopping().isPresent()) {
      return task.with(Kind.STOPPED, underway.stopping().get());
    }
    Optional<RunOrder.Ending> ending = order.requestedEnding().or(() -> cancelled);
    return ending.isPresent() ? end(task, ending.get()) : taken(task);
  }

  private void setAside(Run run) throws IOException {
    files.setAside(
        run, Optional.ofNullable(troubles.get(run.id())).orElse(RunFolderWriter.CUT_OFF));
    troubles.remove(run.id());
  }

  private static Optional<URI> probe(Run run) {
    return TargetUrls.probe(run.parameters(), run.batch().config().readiness());
  }

  private RunTask taken(RunTask task) throws IOException {
    Target target = Target.of(task.run().parameters().url());
    Optional<String> busy = locks.take(task.run().folder(), target);
    if (busy.isPresent()) {
      return task.with(Kind.BUSY, busy.get());
    }
    setAside(task.run());
    Optional<RunOrder.Ending> lost = files.lostTooOften(task.run());
    return lost.isPresent() ? end(task, lost.get()) : task;
  }

  /** Makes the next attempt ready to start. */
  public Attempt prepare(RunTask task) throws IOException {
    Attempt attempt = launches.attempt(task, files.nextAttempt(task.run()));
    files.started(attempt);
    lines.started(attempt);
    underway.add(attempt);
    // Asked again now that it can be ended: whoever cancelled it before this did not find it.
    files.cancelled(task.run()).ifPresent(how -> cancel(task.run().id(), how.reason()));
    return attempt;
  }

  /** Judges an attempt that ended and writes what happened into the run folder. */
  public RunTask finish(Attempt attempt, ProcessExit ended) throws IOException {
    try {
      RunTask task = attempt.task();
      boolean stopped =
          ended.how() == ProcessExit.How.STOPPED && !underway.isCancelled(task.run().id());
      RunFolderWriter.Written written =
          files.ended(
              attempt,
              ended,
              stopped,
              () -> probes.ask(task.run().parameters(), task.rules()).ready());
      lines.ended(task.run(), written.result(), written.retry());
      return stopped ? task.with(Kind.STOPPED, ended.message()) : task.with(report(task, written));
    } finally {
      underway.remove(attempt);
    }
  }

  private static RunReport report(RunTask task, RunFolderWriter.Written written) {
    return written
        .retry()
        .map(wait -> RunReport.retry(task.order(), written.result().head(), wait))
        .orElseGet(() -> RunReport.ended(task.order(), written.result().head()));
  }

  /** The report on a task, as message text; its target is free again. */
  public String report(RunTask task) throws IOException {
    boolean holds = task.result().filter(found -> found.kind() == Kind.BUSY).isEmpty();
    if (holds) { // else who holds them may be an earlier order for the same run
      locks.release(task.run().folder());
    }
    return task.result()
        .orElseGet(
            () ->
                RunReport.on(
                    task.order(), Kind.NOT_READY, task.readiness().orElseThrow().message()))
        .json();
  }

  /**
   * The report on an order whose run is not to be had, as message text, so that dispatch does not
   * wait for it for ever; null for a message that is no order, which nobody waits for.
   */
  public String unanswerable(String json, Exception cause) {
    try {
      return RunReport.on(RunOrder.of(json), Kind.INTERNAL_ERROR, cause.getMessage()).json();
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Records that Caravan itself failed over an order; the report, as message text. */
  public String internalError(String json, Exception failure) throws InvalidRunOrderException {
    RunOrder order = order(json);
    Run run;
    try {
      run = run(order);
    } catch (InvalidRunOrderException e) {
      return unanswerable(json, e);
    }
    underway.forget(order.runId());
    String message = failure.toString();
    try {
      locks.release(run.folder());
      Optional<Head> done = files.end(run);
      if (done.isPresent()) {
        return RunReport.ended(order, done.get()).json(); // It failed after the result was written.
      }
      if (DiskErrors.causes(failure)) {
        troubles.put(run.id(), "its files could not be written or read: " + message);
        LOG.warn("[{}] Files cannot be written or read: {}; it is done again", run.id(), message);
        return RunReport.lost(order, message, AFTER_DISK_TROUBLE).json();
      }
      LOG.error("[{}] Internal error", run.id(), failure);
      files.setAside(run);
      RunOrder.Ending ending = new RunOrder.Ending("failed", "internal_error", message);
      return RunReport.ended(order, files.notExecuted(run, ending).head()).json();
    } catch (IOException e) {
      LOG.error("Not even its result could be written: {}", order.runId(), e);
      return RunReport.lost(order, message, AFTER_DISK_TROUBLE).json();
    }
  }

  /** Cancels a run if it is under way here; its tree is ended and what there is is kept. */
  public boolean cancel(String runId, String message) {
    return underway.cancel(runId, message);
  }

  /** The runs that are under way here though each of their limits has passed. */
  public List<String> overdue() {
    return underway.overdue();
  }

  /** Ends what is running and starts nothing more; {@code message} say why. */
  public void stop(String message) {
    underway.stop(message);
  }

  /** Ends what is running, to be done again; others may start. */
  public void interrupt(String message) {
    underway.interrupt(message);
  }

  /** Lets what is running go on, but starts nothing more. */
  public void drain(String message) {
    underway.drain(message);
  }

  /** Waits until nothing is running, but not longer than this; whether it is so. */
  public boolean awaitIdle(Duration atMost) throws InterruptedException {
    return underway.awaitNone(atMost);
  }

  /** Begins a part of a run's work before its start, which a stop or a cancel ends. */
  StopSignal begin(RunTask task) throws IOException {
    StopSignal stop = new StopSignal();
    underway.add(task.run().id(), stop);
    files.cancelled(task.run()).ifPresent(how -> cancel(task.run().id(), how.reason()));
    return stop;
  }

  /** The work that was begun has been stopped; the run's report. */
  RunTask stopped(RunTask task, String message) throws IOException {
    return underway.isCancelled(task.run().id())
        ? end(task, new RunOrder.Ending("cancelled", "", message))
        : task.with(Kind.STOPPED, message);
  }

  /** The work that was begun is done. */
  void done(RunTask task) {
    underway.forget(task.run().id());
  }

  /** Says something about a run that has not started. */
  void warn(Run run, String message) {
    lines.warned(run, message);
  }

  /** What runs left in their folders. */
  RunFolderWriter files() {
    return files;
  }

  private RunTask end(RunTask task, RunOrder.Ending ending) throws IOException {
    return end(task, ending, RunReport.Reach.RUN);
  }

  /** Ends a run without executing it; what ended it concerns so many runs. */
  RunTask end(RunTask task, RunOrder.Ending ending, RunReport.Reach reach) throws IOException {
    setAside(task.run());
    RunFolderWriter.Written written =
        new RunFolderWriter.Written(files.notExecuted(task.run(), ending), Optional.empty());
    lines.ended(task.run(), written.result(), Optional.empty());
    return task.with(RunReport.ended(task.order(), written.result().head()).reaching(reach));
  }

  private static RunOrder order(String json) throws InvalidRunOrderException {
    try {
      return RunOrder.of(json);
    } catch (IllegalArgumentException e) {
      throw new InvalidRunOrderException("not a run order: " + e.getMessage(), e);
    }
  }

  private Run run(RunOrder order) throws InvalidRunOrderException {
    try {
      Path folder = Path.of(order.batchFolder());
      if (!roots.contains(folder)) {
        throw new InvalidRunOrderException("lies outside of the results roots: " + folder);
      }
      return batches.load(folder).run(order.runIndex());
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidRunOrderException("no such run: " + e.getMessage(), e);
    }
  }
}
