package dev.caravan.pipeline.dispatch;

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
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.target.Target;
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

/** Carries out what people order of batches, runs and targets. */
public final class ControlRequestHandler {

  private static final int WORDS = 200;

  /**
   * What orders need of a home.
   *
   * @param finder finds the batches they name
   * @param roots where batches may lie
   * @param owner whose batches they may touch
   */
  public record Place(
      Home home,
      DurableFiles files,
      BatchFinder finder,
      OpenBatches open,
      OutputRoots roots,
      BatchStore batches,
      ControlStore controls,
      Owner owner) {}

  private final Place place;
  private final Dispatch dispatch;
  private final ControlPreconditions states;
  private final BiConsumer<String, String> ender;

  /**
   * Carries orders out.
   *
   * @param ender ends a run that is under way, from its id and words; nothing when it is not
   */
  public ControlRequestHandler(Place place, Dispatch dispatch, BiConsumer<String, String> ender) {
    this.place = place;
    this.dispatch = dispatch;
    this.states = new ControlPreconditions(place.open(), place.controls());
    this.ender = ender;
  }

  /** Lets these orders hold. */
  void restore(HomeControl orders) {
    dispatch.follow(orders);
  }

  /** Carries out a request, which has this name for ever; what was done, in words. */
  String carryOut(ControlRequest request, String name) throws ControlRefusedException, IOException {
    Control.Order order =
        new Control.Order(
            OneLine.line(request.by(), WORDS),
            OneLine.line(Optional.ofNullable(request.why()).orElse(""), WORDS),
            name);
    return switch (request.action()) {
      case CANCEL -> cancel(batch(request.batch()), runs(request), order);
      case PAUSE -> pause(request, Optional.of(order));
      case RESUME -> pause(request, Optional.empty()) + " " + order.message();
      case RETRY -> retry(batch(request.batch()), request, order);
    };
  }

  /** Cancels the unfinished batches that a file of this name means; what was done, in words. */
  String cancelNamed(String stem, String by, Path file)
      throws ControlRefusedException, IOException {
    List<String> done = new ArrayList<>();
    for (Path folder : place.finder().unfinished()) {
      String name = folder.getParent().getFileName().toString();
      boolean meant = stem.equals(name) || stem.equals(name + "." + folder.getFileName());
      if (meant) {
        done.add(
            cancel(
                batch(folder.toString()),
                List.of(),
                new Control.Order(by, place.home().display(file))));
      }
    }
    if (done.isEmpty()) {
      throw new ControlRefusedException(
          "no unfinished batch is called \""
              + OneLine.line(stem, WORDS)
              + "\"; nothing was changed");
    }
    return String.join("; ", done);
  }

  private String cancel(Batch batch, List<Integer> runs, Control.Order order)
      throws ControlRefusedException, IOException {
    states.requireCancellable(batch, runs);
    UnaryOperator<Control> change =
        runs.isEmpty()
            ? control -> control.withCancellation(order)
            : control -> control.withCancelledRuns(runs, order);
    for (RunOrder underway : dispatch.order(batch, change)) {
      ender.accept(underway.runId(), "cancelled " + order.message());
    }
    String what = runs.isEmpty() ? "" : names(runs) + " of ";
    return "Cancelled " + what + batch.id() + " " + order.message();
  }

  private String pause(ControlRequest request, Optional<Control.Order> order)
      throws ControlRefusedException, IOException {
    String done = order.isPresent() ? "Paused " : "Resumed ";
    String by = order.map(o -> " " + o.message()).orElse("");
    if (request.batch() != null) {
      Batch batch = batch(request.batch());
      states.requireUnfinished(batch);
      dispatch.order(batch, control -> control.withPause(order));
      return done + batch.id() + by;
    }
    HomeControl before = HomeControl.of(place.home());
    Optional<String> target = target(request);
    HomeControl after =
        target.map(t -> before.withTargetPause(t, order)).orElseGet(() -> before.withPause(order));
    after.write(place.home(), place.files());
    dispatch.follow(after);
    return done + target.orElse("all batches") + by;
  }

  private String retry(Batch batch, ControlRequest request, Control.Order order)
      throws ControlRefusedException, IOException {
    List<Integer> runs = runs(request);
    if (runs.isEmpty()) {
      throw new ControlRefusedException("it names no run of " + batch.id());
    }
    if (!place.controls().of(batch).hasRetry(order.request())) {
      states.requireAgain(batch, runs, request.force());
    }
    dispatch.again(batch, new TreeSet<>(runs), order);
    return "Running again " + names(runs) + " of " + batch.id() + " " + order.message();
  }

  private Batch batch(String name) throws ControlRefusedException, IOException {
    Optional<Path> folder = place.finder().find(name, place.home().root());
    if (folder.isEmpty()) {
      throw new ControlRefusedException("there is no batch " + OneLine.line(name, WORDS));
    }
    if (!place.roots().contains(folder.get())) {
      throw new ControlRefusedException("it lies outside of the results roots: " + folder.get());
    }
    Batch batch = load(folder.get());
    if (!batch.record().owner().equals(place.owner())) {
      throw new ControlRefusedException(
          batch.id()
              + " is not this daemon's: batch.json names its owner, "
              + batch.record().owner().mode());
    }
    return batch;
  }

  /** The batch by the path that the rest of Caravan knows it by, whatever links led here. */
  private Batch load(Path folder) throws ControlRefusedException {
    try {
      Path home = place.home().root();
      Path real = folder.toRealPath();
      Path inHome = home.toRealPath();
      return place
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

  private static String names(List<Integer> runs) {
    return runs.size() == 1 ? "run " + (runs.get(0) + 1) : runs.size() + " runs";
  }
}
