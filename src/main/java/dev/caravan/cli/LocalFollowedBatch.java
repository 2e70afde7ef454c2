package dev.caravan.cli;

import dev.caravan.model.Batch;
import dev.caravan.observe.report.BatchLogLines;
import dev.caravan.observe.report.BatchVerdict;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.RunEnd;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A batch that is followed through its files. */
final class LocalFollowedBatch implements FollowedBatch {

  private final LocalWaiting waiting;
  private final OpenBatches open;
  private final Batch batch;
  private final String shownFolder;
  private final List<Integer> unfinished;

  /** A batch of this home. */
  LocalFollowedBatch(Home home, Batch batch) {
    this.waiting = new LocalWaiting(home);
    this.open = new OpenBatches(home, new DurableFiles());
    this.batch = batch;
    this.shownFolder = home.display(batch.folder());
    this.unfinished = batch.indexes().boxed().collect(Collectors.toCollection(ArrayList::new));
  }

  @Override
  public Batch batch() {
    return batch;
  }

  @Override
  public String shownFolder() {
    return shownFolder;
  }

  @Override
  public LiveProgress.Lines progress() {
    return LiveProgress.linesOf(batch, this::waiting);
  }

  @Override
  public Optional<BatchSummary> poll(RunEnds ends) throws IOException {
    if (RegularFiles.isGone(batch.folder().resolve(BatchFolder.RECORD))) {
      throw new IOException("the folder of the batch is gone: " + shownFolder);
    }
    // Read before the runs: when the batch has finished, so have all of them.
    Optional<BatchSummary> summary =
        BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY))
            .filter(s -> s.finishedAt().isPresent());
    unfinished.removeIf(index -> reportIfFinal(index, ends));
    return summary;
  }

  private boolean reportIfFinal(int index, RunEnds ends) {
    Optional<RunEnd> end = RunEnd.read(batch.run(index));
    end.ifPresent(e -> ends.ended(index, e.outcome().value(), e.reason(), e.checks()));
    return end.isPresent();
  }

  @Override
  public Optional<String> waiting() {
    return waiting.ofBatch(batch);
  }

  @Override
  public Optional<String> report() {
    return new BatchLogLines(batch, shownFolder).report();
  }

  @Override
  public boolean isClosing() throws IOException {
    return !open.entriesOf(batch.record().claimId()).isEmpty();
  }

  @Override
  public Optional<BatchVerdict> verdict() {
    return BatchVerdict.read(batch.folder());
  }

  @Override
  public void close() {
    // Nothing was stored.
  }
}
