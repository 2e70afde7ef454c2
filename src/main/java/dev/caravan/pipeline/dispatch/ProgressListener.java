package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.target.Target;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;

/** What dispatch asks and tells the side that keeps the results. */
public interface ProgressListener {

  /** A batch is worked on from now on. */
  void opened(Batch batch);

  /** Whether the tree says that this run is done; takes it into the batch's summary then. */
  boolean doneBefore(Run run);

  /** A run that may be done is to be done again: what the tree says of it is set aside. */
  void again(Run run) throws IOException;

  /** Number of the attempt that the run is done with; empty when it is not done. */
  OptionalInt attemptDone(Run run);

  /**
   * Indexes of the runs that were begun and are not done; takes those that are done into the
   * batch's summary. Costs what there is in the batch's folder.
   */
  List<Integer> begun(Batch batch) throws IOException;

  /** A target is left alone for a while; the words follow its name: "is not ready: …". */
  void parked(Batch batch, Target target, String message);

  /** Patience with a target ended: what is left of the batch there becomes unhealthy. */
  void gaveUp(Batch batch, Target target, String message);

  /** Nothing of a cancelled batch is running any more; its other runs will never start. */
  void cancelled(Batch batch);
}
