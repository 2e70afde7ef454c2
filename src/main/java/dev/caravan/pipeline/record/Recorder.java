package dev.caravan.pipeline.record;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.changes.PipelineListeners;
import dev.caravan.pipeline.dispatch.RunRecords;
import dev.caravan.pipeline.hooks.AttemptHooks;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RepeatedTrouble;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps summary.json and results.csv of each open batch up to date from the results in its run
 * folders. Idempotent: a repeated report changes nothing. Thread-safe.
 */
public final class Recorder implements RunRecords {

  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  private final DurableFiles durableFiles;
  private final RunFolderWriter runFolders;
  private final ResultWriter writer;
  private final PipelineListeners listeners;
  private final BatchHooks hooks;
  private final BatchEnds ends;
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);
  private final Map<Path, OpenResults> resultsByFolder = new ConcurrentHashMap<>();

  /** A recorder whose {@code hooks} run before the first and after the last run of a batch. */
  public Recorder(
      DurableFiles durableFiles,
      OpenBatches open,
      RunFolderWriter runFolders,
      PipelineListeners listeners,
      BatchHooks hooks) {
    this.hooks = hooks;
    this.durableFiles = durableFiles;
    this.runFolders = runFolders;
    this.writer = new ResultWriter(durableFiles::writeOver);
    this.listeners = listeners;
    this.ends = new BatchEnds(open, listeners);
  }

  @Override
  public synchronized void begin(Batch batch) {
    follow(batch).begin();
  }

  @Override
  public Optional<Head> recordIfDone(Run run) {
    Optional<OpenResults> results = find(run.batch().folder());
    // A late report may have ended the batch already.
    Optional<Head> latest =
        results.map(open -> open.add(run)).orElseGet(() -> runFolders.finalResult(run));
    results.ifPresent(this::finishIfComplete);
    return latest;
  }

  @Override
  public boolean anyCompleted(Batch batch) {
    return find(batch.folder()).filter(OpenResults::anyCompleted).isPresent();
  }

  @Override
  public OptionalInt nextOfSearch(Batch batch) {
    Optional<OpenResults> results = find(batch.folder());
    OptionalInt next = results.map(OpenResults::next).orElse(OptionalInt.empty());
    if (next.isEmpty()) {
      results.ifPresent(this::finishIfComplete);
    }
    return next;
  }

  @Override
  public synchronized void reopen(Batch batch) throws IOException {
    if (find(batch.folder()).isEmpty()) {
      ends.undo(batch);
    }
  }

  @Override
  public synchronized void reopen(Run run) throws IOException {
    reopen(run.batch()); // it may have ended since
    runFolders.setAside(run);
    if (find(run.batch().folder()).isEmpty()) {
      follow(run.batch()).addAllDone(durableFiles);
    }
    follow(run.batch()).remove(run);
    listeners.publish(new PipelineChange.Reopened(run));
  }

  @Override
  public OptionalInt finalAttempt(Run run) {
    return runFolders.finalResult(run).stream().mapToInt(Head::attempt).findFirst();
  }

  @Override
  public List<Integer> startedNotDone(Batch batch) throws IOException {
    return follow(batch).addAllDone(durableFiles);
  }

  @Override
  public Optional<String> stopOf(Batch batch, OffsetDateTime since) throws IOException {
    return AttemptHooks.mayStop(batch) ? follow(batch).stop(durableFiles, since) : Optional.empty();
  }

  @Override
  public BatchHooks hooks() {
    return hooks;
  }

  /** The hook after a batch is over: the batch ends if its runs have ended. */
  public void hooksOver(Batch batch) {
    find(batch.folder()).ifPresent(this::finishIfComplete);
  }

  @Override
  public void cancelRest(Batch batch, String order) {
    OpenResults results = resultsByFolder.get(batch.folder());
    if (results == null) {
      return; // finished by the report on its last run
    }
    addAllDone(results);
    results.cancelRest(order);
    finishIfComplete(results);
  }

  /** Records a report on a run. */
  public void record(RunReport report) {
    OpenResults results = resultsByFolder.get(Path.of(report.batchFolder()));
    if (results == null) {
      LOG.debug("{} ended after its batch", report.runId());
      listeners.publish(new PipelineChange.Reported(report));
      return;
    }
    switch (report.kind()) {
      case ENDED -> ended(results, results.batch().run(report.runIndex()));
      case RETRY ->
          listeners.publish(new PipelineChange.Retrying(results.batch().run(report.runIndex())));
      case INTERNAL_ERROR -> results.addUnwritten(report.runIndex());
      default -> LOG.debug("{}: {}", report.runId(), report.kind());
    }
    finishIfComplete(results);
    if (!results.isFinished()) {
      listeners.publish(new PipelineChange.ResultsChanged(results.batch(), false));
    }
    listeners.publish(new PipelineChange.Reported(report));
  }

  private void ended(OpenResults results, Run run) {
    if (results.addIfDone(run)) {
      results
          .row(run.index())
          .ifPresent(row -> listeners.publish(new PipelineChange.Ended(run, row)));
    } else if (results.addUnreadable(run)) {
      LOG.warn("{} has ended, but its result cannot be read", run.id());
    }
  }

  /** Reads a batch that was resumed, and rewrites the files of the batches that have changed. */
  public void refresh() {
    resultsByFolder.values().stream()
        .filter(results -> !results.isRead() && troubles.isDue(results.batch().id()))
        .findFirst()
        .ifPresent(results -> guard(results, () -> addAllDone(results)));
    resultsByFolder.values().stream()
        .filter(OpenResults::pollChanged)
        .forEach(results -> guard(results, () -> rewrite(results)));
  }

  /** Records all results on disk, also unreported ones, and writes the files; for the shutdown. */
  public void catchUp() {
    resultsByFolder.values().forEach(results -> guard(results, () -> addAllDone(results)));
    resultsByFolder.values().forEach(results -> guard(results, () -> finishIfComplete(results)));
    refresh();
  }

  /** Keeps an internal error while one batch is handled from reaching the others. */
  private void guard(OpenResults results, Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | StackOverflowError e) {
      results.markChanged();
      if (troubles.add(results.batch().id(), e.toString())) {
        LOG.error("[{}] Internal error; its summary may be old", results.batch().id(), e);
      }
    }
  }

  private void rewrite(OpenResults results) {
    boolean finished;
    synchronized (this) {
      // Not again when it ended while this thread waited for the lock.
      boolean isOpen = resultsByFolder.get(results.batch().folder()) == results;
      finished = isOpen && results.isFinished() && finish(results);
      if (!results.isFinished()) {
        write(results);
      }
    }
    completeIf(finished, results);
  }

  /** Runs callbacks that may take other locks, so the caller must not hold this object's lock. */
  private void completeIf(boolean finished, OpenResults results) {
    if (finished) {
      results.complete();
      listeners.publish(new PipelineChange.Closed(results.batch()));
    }
  }

  /** The results of a batch that is open or about to be opened; also usable after its end. */
  public OpenResults follow(Batch batch) {
    return resultsByFolder.computeIfAbsent(batch.folder(), folder -> new OpenResults(batch));
  }

  /** The current results of an open batch; empty for any other. */
  public Optional<OpenResults> find(Path batchFolder) {
    return Optional.ofNullable(resultsByFolder.get(batchFolder));
  }

  @Override
  public void flush(Batch batch) {
    find(batch.folder()).ifPresent(this::addAllDone);
    find(batch.folder()).ifPresent(this::write);
  }

  private void addAllDone(OpenResults results) {
    try {
      results.addAllDone(durableFiles);
    } catch (IOException e) {
      logOnce(results, "The summary may be missing runs", e);
    }
  }

  private void finishIfComplete(OpenResults results) {
    boolean finished;
    synchronized (this) {
      boolean isOver = results.isComplete() && hooks.isOver(results.batch());
      finished = isOver && results.finishOnce() && finish(results);
    }
    completeIf(finished, results);
  }

  /** Writes the end of the batch; false when that failed, so that refresh() tries again. */
  private boolean finish(OpenResults results) {
    boolean isGone = RegularFiles.isGone(results.batch().folder().resolve(BatchFolder.RECORD));
    boolean ended = isGone ? ends.vanished(results) : end(results);
    if (ended) {
      resultsByFolder.remove(results.batch().folder());
    }
    return ended;
  }

  private boolean end(OpenResults results) {
    if (!write(results) && BatchEnds.isOwnedByDaemon(results.batch())) {
      return false;
    }
    listeners.publish(new PipelineChange.ResultsChanged(results.batch(), true));
    return ends.written(results);
  }

  private boolean write(OpenResults results) {
    try {
      results.addUnread(durableFiles);
      results.writeTo(writer);
      troubles.over(results.batch().id());
      return true;
    } catch (IOException e) {
      results.markChanged();
      logOnce(results, "Cannot write the summary", e);
      return false;
    }
  }

  private void logOnce(OpenResults results, String what, IOException trouble) {
    if (troubles.add(results.batch().id(), trouble.toString())) {
      LOG.error("[{}] {}: {}", results.batch().id(), what, FileFailures.words(trouble));
    }
  }
}
