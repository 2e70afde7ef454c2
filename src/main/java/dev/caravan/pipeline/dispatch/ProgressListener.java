package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** What dispatch needs from the stage that keeps the results: queries and notifications. */
public interface ProgressListener {

  /** A batch was opened. */
  void opened(Batch batch);

  /** Whether the run's folder says that it is done; if so, adds it to the batch's summary. */
  boolean recordIfDone(Run run);

  /** Whether a run in the batch's summary has completed. */
  boolean anyCompleted(Batch batch);

  /** Sets the run's latest attempt aside and removes the run from the summary: it runs again. */
  void reopen(Run run) throws IOException;

  /** Number of the attempt that was the run's last; empty when the run is not done. */
  OptionalInt finalAttempt(Run run);

  /**
   * Indexes of the runs that were started and are not done; adds those that are done to the batch's
   * summary. The cost grows with the entries of the batch folder, not with the sweep.
   */
  List<Integer> startedNotDone(Batch batch) throws IOException;

  /** A target was parked; {@code message} completes its name: "is not ready: …". */
  void parked(Batch batch, Target target, String message);

  /** The batch has waited long enough: its remaining runs on the target end as unhealthy. */
  void gaveUp(Batch batch, Target target, String message);

  /** No run of a cancelled batch is in flight any more; its remaining runs never start. */
  void cancelled(Batch batch);
}
