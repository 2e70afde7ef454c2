package dev.caravan.pipeline.record;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.outcome.BatchResults;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.RunFolder;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The rows and counts of one open batch. Threadsafe. */
public final class OpenResults {

  private final Batch batch;
  private final BatchResults results;
  private final Set<Integer> unwritten = new HashSet<>();
  private final CompletableFuture<BatchSummary> finished = new CompletableFuture<>();
  private Optional<OffsetDateTime> finishedAt = Optional.empty();
  private boolean changed;
  private boolean restCancelled;

  OpenResults(Batch batch) {
    this.batch = batch;
    this.results = new BatchResults(new ArrayList<>(batch.config().sweeps().keySet()));
  }

  public Batch batch() {
    return batch;
  }

  /** Takes the run's row from its folder; false when the tree does not say that it is done. */
  synchronized boolean take(Run run) {
    RunFolder folder = new RunFolder(run.folder());
    Optional<Head> head = ProcessResult.head(folder.processResult()).filter(Head::isFinal);
    head.ifPresent(
        found -> {
          results.put(
              ResultRow.of(
                  run.index(),
                  run.folderName(),
                  run.sweepValues(),
                  run.parameters(),
                  found,
                  AiperfExport.read(run.folder()).export()));
          changed = true;
        });
    return head.isPresent();
  }

  /** The run is to be done again. */
  synchronized void forget(Run run) {
    results.remove(run.index());
    finishedAt = Optional.empty();
    finishedAt = Optional.empty();
    changed = true;
  }

  /** Counts a run whose result could not be written; the next life does it again. */
  synchronized void takeUnwritten(int index) {
    unwritten.add(index);
  }

  /** The runs that have not ended never will. */
  synchronized void cancelRest() {
    restCancelled = true;
    changed = true;
  }

  /** Takes in all that the tree says is done; indexes of the runs that are begun and not done. */
  synchronized List<Integer> takeAll(DurableFiles files) throws IOException {
    Set<String> begun =
        files.list(batch.folder()).stream()
            .map(entry -> entry.getFileName().toString())
            .collect(Collectors.toSet());
    List<Integer> left = new ArrayList<>();
    for (int index = 0; index < batch.size(); index++) {
      String name = batch.sweep().folder(index);
      boolean known = results.has(index);
      if (!known && (name.isEmpty() || begun.contains(name)) && !take(batch.run(index))) {
        left.add(index);
      }
    }
    return left;
  }

  /** Whether every run has ended, or never will. */
  synchronized boolean isWhole() {
    return restCancelled || results.counters().ended() + unwritten.size() >= batch.size();
  }

  /** Whether every run that ended has its result in the tree. */
  synchronized boolean allWritten() {
    return unwritten.isEmpty();
  }

  /** Whether the end of the batch was noted. */
  synchronized boolean isFinished() {
    return finishedAt.isPresent();
  }

  /** Notes the end of the batch; true for the first caller only. */
  synchronized boolean finishOnce() {
    if (finishedAt.isPresent()) {
      return false;
    }
    finishedAt = Optional.of(OffsetDateTime.now());
    return true;
  }

  /** Whether there is something to write; asked once for each change. */
  synchronized boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  synchronized void markChanged() {
    changed = true;
  }

  /** The summary as of now. */
  public synchronized BatchSummary summary() {
    BatchSummary summary =
        BatchSummary.of(
            batch.id(),
            batch.size(),
            results,
            OffsetDateTime.parse(batch.record().acceptedAt()),
            unwritten.isEmpty() ? finishedAt : Optional.empty());
    return restCancelled ? summary.restCancelled() : summary;
  }

  /** The rows as of now, in run order. */
  public List<ResultRow> rows() {
    return results.rows();
  }

  /** The row of a run that has ended. */
  Optional<ResultRow> row(int index) {
    return results.row(index);
  }

  /** The batch's sweep keys, in the order written. */
  public List<String> sweepKeys() {
    return results.sweepKeys();
  }

  void writeTo(ResultWriter writer) throws IOException {
    writer.write(batch.folder(), results, summary());
  }

  /** Completed with the summary when the last run of the batch has ended. */
  public CompletableFuture<BatchSummary> whenFinished() {
    return finished;
  }

  /** Tells those who wait for the end. */
  void complete() {
    finished.complete(summary());
  }
}
