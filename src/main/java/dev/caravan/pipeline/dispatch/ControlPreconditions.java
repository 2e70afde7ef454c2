package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.Owner;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Checks a control request against the results tree, with or without a running daemon. */
public final class ControlPreconditions {

  private final Home home;
  private final OpenBatches open;
  private final ControlStore controls;

  /** Checks requests to this home. */
  public ControlPreconditions(Home home, OpenBatches open, ControlStore controls) {
    this.home = home;
    this.open = open;
    this.controls = controls;
  }

  /** How a run ended for good; empty while it has not. */
  public static Optional<Head> finalResult(Run run) {
    return ProcessResult.head(new RunFolder(run.folder()).processResult()).filter(Head::isFinal);
  }

  /** Refuses a request for a batch of {@code caravan run}, which no daemon executes. */
  void requireOfDaemon(Batch batch) throws ControlRefusedException, IOException {
    Owner owner = batch.record().owner();
    if (!owner.mode().equals(Owner.ONE_SHOT)) {
      return;
    }
    Optional<String> here = HomeId.find(home);
    if (!here.equals(Optional.of(owner.home()))) {
      throw ofAnotherHome(batch, here);
    }
    throw new ControlRefusedException(
        batch.id()
            + " is of \"caravan run\", not of a daemon: Ctrl-C stops it, \"caravan run --resume "
            + batch.folder()
            + "\" runs what is left; to repeat runs that have ended, run its config again");
  }

  /** The refusal of a request for what only another home executes. */
  static ControlRefusedException ofAnotherHome(Batch batch, Optional<String> here) {
    Owner owner = batch.record().owner();
    String resume =
        owner.mode().equals(Owner.ONE_SHOT)
            ? ", or \"caravan run --home DIR --resume %s\" with that home to run what is left"
                .formatted(batch.folder())
            : "";
    return new ControlRefusedException(
        "%s is of the home with the id %s, and this one has %s: submit its config.yaml"
                .formatted(batch.id(), owner.home(), here.map(id -> "the id " + id).orElse("none"))
            + " to run it here"
            + resume);
  }

  /** Refuses a request for a batch that is finished, or that this home does not execute. */
  public void requireUnfinished(Batch batch) throws ControlRefusedException, IOException {
    requireOfDaemon(batch);
    if (!isOpen(batch)) {
      boolean isFinished =
          BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY))
              .flatMap(BatchSummary::finishedAt)
              .isPresent();
      throw new ControlRefusedException(
          batch.id() + (isFinished ? " is finished" : " is not in the queue of this home"));
    }
  }

  private boolean isOpen(Batch batch) throws IOException {
    return !open.entriesOf(batch.record().claimId()).isEmpty();
  }

  /**
   * Refuses to cancel what has already ended, or is not to come: a search that is over left most of
   * its runs out. Cancelling twice is fine.
   */
  public void requireCancellable(Batch batch, List<Integer> runs)
      throws ControlRefusedException, IOException {
    requireOfDaemon(batch);
    requireRuns(batch, runs);
    if (runs.isEmpty() && controls.of(batch).cancellationOfAll().isEmpty()) {
      requireUnfinished(batch);
    }
    for (int index : runs) {
      Optional<Head> end = finalResult(batch.run(index));
      if (end.isPresent() && end.get().status() != Outcome.CANCELLED) {
        throw new ControlRefusedException(
            name(batch, index) + " has already ended: " + end.get().status().value());
      }
      if (end.isEmpty() && controls.of(batch).cancellationOf(index).isEmpty()) {
        requireUnfinished(batch);
      }
    }
  }

  /**
   * Those of these runs that a retry of a whole batch repeats: all with {@code force}, else those
   * that failed or were cancelled; all if none did, for {@link #requireRerunnable} to say why.
   */
  public List<Integer> repeatable(Batch batch, List<Integer> runs, boolean force)
      throws IOException {
    Control control = controls.of(batch);
    List<Integer> repeatable =
        runs.stream()
            .filter(
                index ->
                    finalResult(batch.run(index))
                        .map(end -> !end.status().isCompleted())
                        .orElseGet(() -> neverStarts(batch, control, index)))
            .toList();
    return force || repeatable.isEmpty() ? runs : repeatable;
  }

  /** Refuses to rerun runs that have not ended, and completed ones unless {@code force}. */
  public void requireRerunnable(Batch batch, List<Integer> runs, boolean force)
      throws ControlRefusedException, IOException {
    requireOfDaemon(batch);
    requireRuns(batch, runs);
    Control control = controls.of(batch);
    for (int index : runs) {
      Optional<Head> end = finalResult(batch.run(index));
      if (end.isEmpty() && !neverStarts(batch, control, index)) {
        throw new ControlRefusedException(
            name(batch, index) + " has not ended yet, so it cannot be rerun");
      }
      boolean completed = end.filter(e -> e.status().isCompleted()).isPresent();
      if (completed && !force) {
        throw new ControlRefusedException(
            name(batch, index)
                + " completed ("
                + end.get().status().value()
                + "); only --force runs it again");
      }
    }
  }

  /** Whether a run that has not ended was cancelled before it began; a search makes others. */
  private static boolean neverStarts(Batch batch, Control control, int index) {
    return batch.search().isEmpty() && control.cancellationOf(index).isPresent();
  }

  private static void requireRuns(Batch batch, List<Integer> runs) throws ControlRefusedException {
    for (Integer index : runs) {
      if (index == null || !batch.hasRun(index)) {
        throw new ControlRefusedException(batch.id() + " has no run with index " + index);
      }
    }
  }

  private static String name(Batch batch, int index) {
    return "run " + batch.run(index).title() + " of " + batch.id();
  }
}
