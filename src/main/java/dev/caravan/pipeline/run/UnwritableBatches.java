package dev.caravan.pipeline.run;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport.Scope;
import dev.caravan.storage.RepeatedTrouble;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The batches whose folder cannot be written, so that none of their runs can be recorded. All runs
 * of such a batch wait while one of them is tried again, after pauses that grow to a minute.
 * Thread-safe.
 */
final class UnwritableBatches {

  private static final Logger LOG = LoggerFactory.getLogger(UnwritableBatches.class);

  private final RunFolderWriter files;
  private final RepeatedTrouble troubles = new RepeatedTrouble(System::nanoTime);

  UnwritableBatches(RunFolderWriter files) {
    this.files = files;
  }

  /**
   * The report on a run with a disk error, which makes its batch wait; empty if the folder of the
   * batch can be written, and on a worker, whose disk is of no concern to the batch elsewhere.
   */
  Optional<RunReport> report(RunOrder order, Run run) {
    return files.isOnWorker()
        ? Optional.empty()
        : files.unwritable(run.batch()).map(why -> report(order, run.batch(), why));
  }

  private RunReport report(RunOrder order, Batch batch, String why) {
    String folder = batch.folder().toString();
    if (troubles.add(folder, why)) {
      LOG.error("[{}] Its runs wait: {}", batch.id(), why);
    }
    return RunReport.lost(order, why, troubles.pause(folder)).withScope(Scope.BATCH);
  }

  /** Notes that files of a run were written, which ends the wait of its batch. */
  void written(Run run) {
    Batch batch = run.batch();
    if (troubles.over(batch.folder().toString())) {
      LOG.info("[{}] Its runs continue: {} can be written again", batch.id(), batch.folder());
    }
  }

  /** Why runs wait, if a batch was tried in the last two minutes and still could not be written. */
  Optional<String> latest() {
    return troubles.latest();
  }
}
