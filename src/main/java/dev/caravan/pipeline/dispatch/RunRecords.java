package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.hooks.BatchHooks;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import java.io.IOException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What dispatch needs from the stage that keeps the results. */
public interface RunRecords {

  /** Begins to keep the results of this batch. */
  void begin(Batch batch);

  /** The result in the run's folder; if it is final, adds the run to the batch's summary. */
  Optional<Head> recordIfDone(Run run);

  /** Whether a run in the batch's summary has completed. */
  boolean anyCompleted(Batch batch);

  /**
   * Index of the next run that the search of a batch makes, after the runs in its summary; empty
   * when the search is over.
   */
  OptionalInt nextOfSearch(Batch batch);

  /**
   * Runs of this batch are to be executed again, so that it is open from now on, also if it had
   * ended.
   *
   * @throws IOException when its files are being pruned
   */
  void reopen(Batch batch) throws IOException;

  /** Sets the run's latest attempt aside and removes the run from the summary: it runs again. */
  void reopen(Run run) throws IOException;

  /**
   * Writes the summary of an open batch now, with all its runs that are done, so that a batch that
   * runs again is no longer shown as finished.
   */
  default void flush(Batch batch) {}

  /** Number of the attempt that was the run's last; empty when the run is not done. */
  OptionalInt finalAttempt(Run run);

  /**
   * Indexes of the runs that were started and are not done; adds those that are done to the batch's
   * summary. The cost grows with the entries of the batch folder, not with the sweep.
   */
  List<Integer> startedNotDone(Batch batch) throws IOException;

  /**
   * Why the remaining runs of this batch must not start, according to those that have ended since.
   */
  default Optional<String> stopOf(Batch batch, OffsetDateTime since) throws IOException {
    return Optional.empty();
  }

  /** What runs before the first run of a batch, and after its last. */
  default BatchHooks hooks() {
    return BatchHooks.NONE;
  }

  /**
   * Ends a cancelled batch without its remaining runs; none is in flight any more.
   *
   * @param order who cancelled it, and why
   */
  void cancelRest(Batch batch, String order);
}
