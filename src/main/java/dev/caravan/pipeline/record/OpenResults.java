package dev.caravan.pipeline.record;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.hooks.AttemptHooks;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.BatchResults;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.SearchReading;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The result rows and outcome counts of one open batch. Thread-safe. */
public final class OpenResults {

  private final Batch batch;
  private final BatchResults results;
  private final Set<Integer> unwritten = new HashSet<>();
  private final CompletableFuture<BatchSummary> finished = new CompletableFuture<>();
  private Optional<OffsetDateTime> finishedAt = Optional.empty();
  private Optional<SearchReading> search = Optional.empty();

  /** Runs of a search that have begun and not ended: it has not ended either. */
  private final Set<Integer> underway = new HashSet<>();

  /** Runs whose result was set aside, until they are done again. */
  private final Set<Integer> reopened = new HashSet<>();

  private boolean changed;

  /** Who cancelled the runs that have not ended, and why. */
  private Optional<String> cancellation = Optional.empty();

  /** Whether it has the rows of all runs that ended before it was made. */
  private volatile boolean read;

  OpenResults(Batch batch) {
    this.batch = batch;
    this.results = new BatchResults(batch.sweep());
    this.read = !BatchFolder.hasBegun(batch.folder());
  }

  public Batch batch() {
    return batch;
  }

  /**
   * Whether this knows as much as the files of the batch. For a resumed batch that is false until
   * its run folders have been read, which takes long for many runs; until then use its files.
   */
  public boolean isRead() {
    return read;
  }

  /** Adds the run's row if its folder says that the run is done; returns whether it does. */
  boolean addIfDone(Run run) {
    return add(run).filter(Head::isFinal).isPresent();
  }

  /** Adds the run's row if its result is final; returns the result. */
  synchronized Optional<Head> add(Run run) {
    Optional<Head> result = ProcessResult.head(new RunFolder(run.folder()).processResult());
    result.filter(Head::isFinal).ifPresent(last -> put(run, last));
    return result;
  }

  private void put(Run run, Head last) {
    results.put(ResultRow.of(run, last, AiperfExport.read(run.folder()).export()));
    unwritten.remove(run.index());
    underway.remove(run.index());
    reopened.remove(run.index());
    rowsChanged();
  }

  /** Removes the row of a run that is to be executed again. */
  synchronized void remove(Run run) {
    results.remove(run.index());
    unwritten.remove(run.index());
    underway.add(run.index());
    reopened.add(run.index());
    finishedAt = Optional.empty();
    rowsChanged();
  }

  private void rowsChanged() {
    search = Optional.empty();
    changed = true;
  }

  /** Counts a run whose result could not be written; it is executed again after a restart. */
  synchronized void addUnwritten(int index) {
    if (!results.contains(index)) {
      unwritten.add(index);
      underway.remove(index);
      search = Optional.empty();
    }
  }

  /**
   * Counts a run that has ended and whose result cannot be read. Not one that is executed again and
   * has no result yet: the report is on the attempt that was set aside. Returns whether it counts.
   */
  synchronized boolean addUnreadable(Run run) {
    boolean isLate =
        reopened.contains(run.index())
            && !RegularFiles.isAbsent(run.folder())
            && RegularFiles.isAbsent(new RunFolder(run.folder()).processResult());
    if (!isLate) {
      addUnwritten(run.index());
    }
    return !isLate;
  }

  /** Counts the runs that have not ended as cancelled: they never start. */
  synchronized void cancelRest(String order) {
    cancellation = Optional.of(order);
    changed = true;
  }

  /** Reopens a batch whose end is not written yet: its cancelled runs are executed after all. */
  synchronized void begin() {
    finishedAt = Optional.empty();
    cancellation = Optional.empty();
  }

  /**
   * Adds the rows of all runs that are done according to the batch folder.
   *
   * @return the indexes of the runs that were started and are not done
   */
  synchronized List<Integer> addAllDone(DurableFiles files) throws IOException {
    Set<String> existing =
        files.list(batch.folder()).stream()
            .map(entry -> entry.getFileName().toString())
            .collect(Collectors.toSet());
    List<Integer> startedNotDone = new ArrayList<>();
    for (int index : batch.indexes().toArray()) {
      String name = batch.sweep().folder(index);
      boolean known = results.contains(index);
      boolean started = name.isEmpty() || existing.contains(name);
      if (!known && started && !addIfDone(batch.run(index))) {
        startedNotDone.add(index);
      }
    }
    underway.addAll(startedNotDone);
    read = true;
    return startedNotDone;
  }

  /** Does {@link #addAllDone} unless that has happened: what is written must not lack a row. */
  synchronized void addUnread(DurableFiles files) throws IOException {
    if (!read) {
      addAllDone(files);
    }
  }

  /** Why the rest must not start: the failure of a hook that ended since; empty without one. */
  synchronized Optional<String> stop(DurableFiles files, OffsetDateTime since) throws IOException {
    addAllDone(files);
    return isComplete()
        ? Optional.empty()
        : batch
            .indexes()
            .filter(results::contains)
            .mapToObj(index -> AttemptHooks.stopOf(batch.run(index), since))
            .flatMap(Optional::stream)
            .findFirst();
  }

  /** Whether a run has completed. */
  boolean anyCompleted() {
    return results.counters().of(Outcome.Counts.COMPLETED) > 0;
  }

  /** Whether every run has ended or is cancelled. */
  synchronized boolean isComplete() {
    return cancellation.isPresent()
        || search()
            .map(each -> each.next().isEmpty() && underway.isEmpty())
            .orElseGet(() -> results.counters().ended() + unwritten.size() >= batch.size());
  }

  /** The next run that a search makes; empty when it is over. */
  synchronized OptionalInt next() {
    return search().map(SearchReading::next).orElse(OptionalInt.empty());
  }

  /** Cached until a row changes, since it is needed whenever a run may start. */
  private Optional<SearchReading> search() {
    if (search.isEmpty()) {
      search =
          SearchReading.of(
              batch.sweep(), batch.config().evaluation().slo(), results.rows(), unwritten);
    }
    return search;
  }

  /** Whether every run that ended has its result on disk. */
  synchronized boolean allWritten() {
    return unwritten.isEmpty();
  }

  /** Whether the batch was marked as finished. */
  synchronized boolean isFinished() {
    return finishedAt.isPresent();
  }

  /** Marks the batch as finished; true for the first caller only. */
  synchronized boolean finishOnce() {
    if (finishedAt.isPresent()) {
      return false;
    }
    finishedAt = Optional.of(OffsetDateTime.now());
    return true;
  }

  /** Whether something has changed since the last call. */
  synchronized boolean pollChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  synchronized void markChanged() {
    changed = true;
  }

  /** The current summary. */
  public synchronized BatchSummary summary() {
    BatchSummary summary =
        BatchSummary.of(
                batch.id(),
                total(),
                results,
                OffsetDateTime.parse(batch.record().acceptedAt()),
                unwritten.isEmpty() ? finishedAt : Optional.empty())
            .withSlo(results.slo(batch.config().evaluation().slo()))
            .withSearch(search().map(SearchReading::summary));
    return cancellation.map(summary::withRestCancelled).orElse(summary);
  }

  /** All runs; of a search, the most that there can be, or one more that will not be made. */
  private int total() {
    return search()
        .map(
            each ->
                cancellation.isPresent() && each.next().isPresent()
                    ? results.counters().ended() + 1
                    : each.most())
        .orElse(batch.size());
  }

  /** The current rows, in run order. */
  public List<ResultRow> rows() {
    return results.rows();
  }

  /** The row of a run that has ended. */
  Optional<ResultRow> row(int index) {
    return results.row(index);
  }

  /** The batch's sweep keys, in the order in which the config has them. */
  public List<String> sweepKeys() {
    return results.sweepKeys();
  }

  void writeTo(ResultWriter writer) throws IOException {
    writer.write(batch.folder(), results, summary());
  }

  /** Completes with the summary when the last run of the batch has ended. */
  public CompletableFuture<BatchSummary> whenFinished() {
    return finished;
  }

  /** Completes {@link #whenFinished()}. */
  void complete() {
    finished.complete(summary());
  }
}
