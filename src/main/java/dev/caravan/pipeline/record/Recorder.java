package dev.caravan.pipeline.record;

import dev.caravan.model.Batch;
import dev.caravan.model.Owner;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.dispatch.ProgressListener;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.run.RunFolderWriter;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.target.Target;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps each open batch's summary.json and results.csv, from what the tree says of its runs. Being
 * told of a run twice changes nothing.
 */
public final class Recorder implements ProgressListener {

  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);

  private final DurableFiles durableFiles;
  private final OpenBatches open;
  private final RunFolderWriter files;
  private final ResultWriter writer;
  private final PipelineListener changes;
  private final BatchObserver batchObserver;
  private final Map<Target, String> said = new ConcurrentHashMap<>();
  private final Map<Path, OpenResults> results = new ConcurrentHashMap<>();

  /** A recorder that tells nobody else. */
  public Recorder(DurableFiles durableFiles, OpenBatches open, RunFolderWriter files) {
    this(durableFiles, open, files, PipelineListener.UNTOLD, BatchObserver.NONE);
  }

  /** A recorder that tells of each change, and tells {@code observer} of what it took in. */
  public Recorder(
      DurableFiles durableFiles,
      OpenBatches open,
      RunFolderWriter files,
      PipelineListener changes,
      BatchObserver batchObserver) {
    this.changes = changes;
    this.durableFiles = durableFiles;
    this.batchObserver = batchObserver;
    this.files = files;
    this.open = open;
    this.writer = new ResultWriter(durableFiles::writeWhole);
  }

  @Override
  public void opened(Batch batch) {
    results.computeIfAbsent(batch.folder(), folder -> new OpenResults(batch));
  }

  @Override
  public boolean doneBefore(Run run) {
    boolean known = of(run.batch()).take(run);
    finishWhenWhole(of(run.batch()));
    return known;
  }

  @Override
  public synchronized void again(Run run) throws IOException {
    files.setAside(run);
    OpenResults of = results.get(run.batch().folder());
    if (of == null) {
      of = of(run.batch());
      of.takeAll(durableFiles);
    }
    of.forget(run);
    open.ensure(run.batch());
  }

  @Override
  public OptionalInt attemptDone(Run run) {
    return files.end(run).map(head -> OptionalInt.of(head.attempt())).orElse(OptionalInt.empty());
  }

  @Override
  public List<Integer> begun(Batch batch) throws IOException {
    return of(batch).takeAll(durableFiles);
  }

  @Override
  public void parked(Batch batch, Target target, String message) {
    // Said once, not at every try of a night.
    Level level = message.equals(said.put(target, message)) ? Level.DEBUG : Level.WARN;
    LOG.atLevel(level).log("[{}] {} {}; it is asked again and again", batch.id(), target, message);
  }

  @Override
  public void gaveUp(Batch batch, Target target, String message) {
    LOG.error("[{}] Giving up on {}: {}", batch.id(), target, message);
  }

  @Override
  public void cancelled(Batch batch) {
    OpenResults of = results.get(batch.folder());
    if (of == null) {
      return; // Its last run, which had ended before, ended it.
    }
    takeAll(of);
    of.cancelRest();
    finishWhenWhole(of);
  }

  /** Takes in what became of a run, from the text of its report, which goes on as it is. */
  public String record(String json) {
    RunReport report = RunReport.of(json);
    OpenResults of = results.get(Path.of(report.batchFolder()));
    if (of == null) {
      LOG.debug("{} ended after its batch", report.runId());
      return json;
    }
    switch (report.kind()) {
      case ENDED -> take(of, of.batch().run(report.runIndex()));
      case RETRY -> changes.retrying(of.batch().run(report.runIndex()));
      case INTERNAL_ERROR -> of.takeUnwritten(report.runIndex());
      default -> LOG.debug("{}: {}", report.runId(), report.kind());
    }
    finishWhenWhole(of);
    if (!of.isFinished()) {
      batchObserver.changed(of.batch(), false);
    }
    return json;
  }

  private void take(OpenResults of, Run run) {
    said.remove(Target.of(run.parameters().url()));
    if (of.take(run)) {
      of.row(run.index()).ifPresent(row -> changes.ended(run, row));
    }
  }

  /** Rewrites the files of those batches that have changed. */
  public void refresh() {
    results.values().stream().filter(OpenResults::takeChanged).forEach(this::rewrite);
  }

  /**
   * Takes in what the tree tells of the open batches, reports that nobody read included, and writes
   * their files; for the end of a life.
   */
  public void settle() {
    results
        .values()
        .forEach(
            of -> {
              takeAll(of);
              finishWhenWhole(of);
            });
    refresh();
  }

  private void rewrite(OpenResults of) {
    boolean finished;
    synchronized (this) {
      finished = of.isFinished();
      if (finished) {
        finished = finish(of);
      } else {
        write(of);
      }
    }
    tell(of, finished);
  }

  /** Those who wait may ask others under their locks: never called while ours is held. */
  private static void tell(OpenResults of, boolean finished) {
    if (finished) {
      of.complete();
    }
  }

  /** The results of a batch that is open or about to be; usable also after its end. */
  public OpenResults follow(Batch batch) {
    opened(batch);
    return of(batch);
  }

  /** The results so far of a batch that is worked on; empty for any other. */
  public Optional<OpenResults> underway(Path folder) {
    return Optional.ofNullable(results.get(folder));
  }

  /** Writes the files of the batch now, finished or not. */
  public void flush(OpenResults of) {
    write(of);
  }

  private OpenResults of(Batch batch) {
    return results.computeIfAbsent(batch.folder(), folder -> new OpenResults(batch));
  }

  private void takeAll(OpenResults of) {
    try {
      of.takeAll(durableFiles);
    } catch (IOException e) {
      LOG.error("[{}] The summary may lack runs: {}", of.batch().id(), e.toString());
    }
  }

  private void finishWhenWhole(OpenResults of) {
    boolean finished;
    synchronized (this) {
      finished = of.isWhole() && of.finishOnce() && finish(of);
    }
    tell(of, finished);
  }

  /** Writes the end of the batch; false where that failed, then refresh() does it again. */
  private boolean finish(OpenResults of) {
    if (!write(of) && isDaemons(of.batch())) {
      return false;
    }
    batchObserver.changed(of.batch(), true);
    if (of.allWritten()) {
      boolean off = told(of) && close(of.batch());
      if (!off && isDaemons(of.batch())) {
        of.markChanged();
        return false;
      }
    } else {
      LOG.error("[{}] Some results could not be written; they are run again", of.batch().id());
    }
    results.remove(of.batch().folder());
    return true;
  }

  /** Tells that the batch has ended; false when that is to be tried again. */
  private boolean told(OpenResults of) {
    try {
      changes.finished(of.batch(), of.summary());
      return true;
    } catch (IOException e) {
      LOG.error("[{}] Its end could not be told: {}", of.batch().id(), e.toString());
      return false;
    }
  }

  /** Takes the batch off the list of open ones; false when that is to be tried again. */
  private boolean close(Batch batch) {
    try {
      boolean off = open.remove(batch.record().claimId());
      if (off && isDaemons(batch)) { // run has its own SUMMARY
        LOG.info("[{}] Finished: {}", batch.id(), batch.folder());
      }
      return off;
    } catch (IOException e) {
      LOG.error(
          "[{}] Finished, but still on the list of open batches: {}", batch.id(), e.toString());
      return false;
    }
  }

  /** A command that runs one batch ends with it, on a full disk too. */
  private static boolean isDaemons(Batch batch) {
    return batch.record().owner().mode().equals(Owner.DAEMON);
  }

  private boolean write(OpenResults of) {
    try {
      of.writeTo(writer);
      return true;
    } catch (IOException e) {
      of.markChanged();
      LOG.error("The summary of {} could not be written: {}", of.batch().id(), e.toString());
      return false;
    }
  }
}
