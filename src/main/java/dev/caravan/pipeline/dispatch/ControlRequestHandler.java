package dev.caravan.pipeline.dispatch;

import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import dev.caravan.model.Control;
import dev.caravan.model.HomeControl;
import dev.caravan.model.Owner;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.accept.OpenBatches;
import dev.caravan.pipeline.accept.SeveralBatchesException;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** Carries out control requests for batches, runs and targets. */
public final class ControlRequestHandler {

  private static final int MAX_TEXT = 200;

  /**
   * What requests act on in a home.
   *
   * @param finder finds the batches that requests name
   * @param roots where batches may be
   * @param owner the owner whose batches requests may change
   */
  public record Context(
      Home home,
      DurableFiles files,
      BatchFinder finder,
      OpenBatches open,
      OutputRoots roots,
      BatchStore batches,
      ControlStore controls,
      Owner owner) {}

  private final Context context;
  private final Dispatch dispatch;
  private final ControlPreconditions preconditions;
  private final BiConsumer<RunOrder, String> stopRun;

  /**
   * Carries requests out.
   *
   * @param stopRun stops a run given its order and a reason; does nothing when it is not executing
   */
  public ControlRequestHandler(
      Context context, Dispatch dispatch, BiConsumer<RunOrder, String> stopRun) {
    this.context = context;
    this.dispatch = dispatch;
    this.preconditions =
        new ControlPreconditions(context.home(), context.open(), context.controls());
    this.stopRun = stopRun;
  }

  /** Applies pauses that were stored earlier. */
  void restore(HomeControl control) {
    dispatch.apply(control);
  }

  /**
   * Carries out a request.
   *
   * @param id unique id of the request: its file name
   * @return what was done, for the log
   */
  String handle(ControlRequest request, String id) throws ControlRefusedException, IOException {
    Control.Order stored =
        new Control.Order(
            OneLine.line(request.by(), MAX_TEXT),
            OneLine.line(Optional.ofNullable(request.why()).orElse(""), MAX_TEXT),
            id);
    return switch (request.action()) {
      case CANCEL -> cancel(request.batch(), runs(request), stored);
      case PAUSE -> pause(request, Optional.of(stored));
      case RESUME -> pause(request, Optional.empty()) + " " + stored.message();
      case RETRY -> rerun(batch(request.batch()), request, stored);
    };
  }

  /** Cancels the unfinished batches of this name; what was done, for the log. */
  String cancelByName(String stem, String by, Path file)
      throws ControlRefusedException, IOException {
    List<String> done = new ArrayList<>();
    for (Path folder : context.finder().unfinished()) {
      String name = folder.getParent().getFileName().toString();
      boolean matches = stem.equals(name) || stem.equals(name + "." + folder.getFileName());
      if (matches) {
        done.add(
            cancel(
                folder.toString(), List.of(), new Control.Order(by, context.home().display(file))));
      }
    }
    if (done.isEmpty()) {
      throw new ControlRefusedException(
          "no unfinished batch is called \"" + OneLine.line(stem, MAX_TEXT) + "\"");
    }
    return String.join("; ", done);
  }

  private String cancel(String name, List<Integer> runs, Control.Order stored)
      throws ControlRefusedException, IOException {
    Batch batch = found(name);
    if (isOfAnotherHome(batch) && runs.isEmpty() && isTakenOffTheList(batch)) {
      return "Took " + batch.id() + ", which is of another home, off the queue " + stored.message();
    }
    requireOwned(batch);
    preconditions.requireCancellable(batch, runs);
    UnaryOperator<Control> change =
        runs.isEmpty()
            ? control -> control.withCancellation(stored)
            : control -> control.withCancelledRuns(runs, stored);
    for (RunOrder inFlight : dispatch.changeControl(batch, change)) {
      stopRun.accept(inFlight, "cancelled " + stored.message());
    }
    String which = runs.isEmpty() ? "" : names(batch, runs) + " of ";
    return "Cancelled " + which + batch.id() + " " + stored.message();
  }

  private String pause(ControlRequest request, Optional<Control.Order> pause)
      throws ControlRefusedException, IOException {
    String done = pause.isPresent() ? "Paused " : "Resumed ";
    String by = pause.map(p -> " " + p.message()).orElse("");
    if (request.batch() != null) {
      Batch batch = batch(request.batch());
      preconditions.requireUnfinished(batch);
      dispatch.changeControl(batch, control -> control.withPause(pause));
      return done + batch.id() + by;
    }
    HomeControl before = HomeControl.of(context.home());
    Optional<String> target = target(request);
    HomeControl after =
        target.map(t -> before.withTargetPause(t, pause)).orElseGet(() -> before.withPause(pause));
    after.write(context.home(), context.files());
    dispatch.apply(after);
    return done + target.orElse("all batches") + by;
  }

  private String rerun(Batch batch, ControlRequest request, Control.Order stored)
      throws ControlRefusedException, IOException {
    List<Integer> runs = runs(request);
    if (runs.isEmpty()) {
      throw new ControlRefusedException("names no run of " + batch.id());
    }
    if (!context.controls().of(batch).hasRetry(stored.request())) {
      preconditions.requireRerunnable(batch, runs, request.force());
    }
    dispatch.rerun(batch, new TreeSet<>(runs), stored);
    return "Rerunning " + names(batch, runs) + " of " + batch.id() + " " + stored.message();
  }

  private Batch batch(String name) throws ControlRefusedException, IOException {
    Batch batch = found(name);
    requireOwned(batch);
    return batch;
  }

  private boolean isOfAnotherHome(Batch batch) {
    return !batch.record().owner().home().equals(context.owner().home());
  }

  /**
   * Takes a batch of another home off the list; returns whether it was one. Nothing else changes:
   * its files do not belong to this home.
   */
  private boolean isTakenOffTheList(Batch batch) throws IOException {
    String claim = batch.record().claimId();
    return !context.open().entriesOf(claim).isEmpty() && context.open().remove(claim);
  }

  private void requireOwned(Batch batch) throws ControlRefusedException, IOException {
    Owner owner = batch.record().owner();
    if (isOfAnotherHome(batch)) {
      throw ControlPreconditions.ofAnotherHome(batch, Optional.of(context.owner().home()));
    }
    preconditions.requireOfDaemon(batch);
    if (!owner.equals(context.owner())) {
      throw new ControlRefusedException(
          batch.id()
              + " does not belong to this daemon: its owner in batch.json is "
              + owner.mode());
    }
  }

  private Batch found(String name) throws ControlRefusedException, IOException {
    try {
      Optional<Path> folder = context.finder().find(name, context.home().root());
      if (folder.isEmpty()) {
        throw new ControlRefusedException("there is no batch " + OneLine.line(name, MAX_TEXT));
      }
      if (!context.roots().contains(folder.get())) {
        throw new ControlRefusedException(folder.get() + " is outside the results roots");
      }
      return load(folder.get());
    } catch (SeveralBatchesException e) {
      throw new ControlRefusedException(e.getMessage());
    }
  }

  /** Loads a batch by its path below the home, resolving links: dispatch knows it by that path. */
  private Batch load(Path folder) throws ControlRefusedException {
    try {
      Path home = context.home().root();
      Path real = folder.toRealPath();
      Path inHome = home.toRealPath();
      return context
          .batches()
          .load(real.startsWith(inHome) ? home.resolve(inHome.relativize(real)) : folder);
    } catch (IOException e) {
      throw new ControlRefusedException(folder + " cannot be read: " + e.getMessage());
    }
  }

  private static List<Integer> runs(ControlRequest request) {
    return Optional.ofNullable(request.runs()).orElse(List.of());
  }

  private static Optional<String> target(ControlRequest request) throws ControlRefusedException {
    try {
      return Optional.ofNullable(request.target()).map(url -> Target.of(url).toString());
    } catch (IllegalArgumentException e) {
      throw new ControlRefusedException("target: " + e.getMessage());
    }
  }

  private static String names(Batch batch, List<Integer> runs) {
    return runs.size() == 1 ? "run " + batch.run(runs.get(0)).title() : runs.size() + " runs";
  }
}
