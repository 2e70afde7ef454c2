package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Control;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.pipeline.target.Target;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** A batch that dispatch works on: its lanes, how many of its runs are done, and its orders. */
final class OpenBatch {

  /** The order in which batches of one target are served. */
  static final Comparator<OpenBatch> SERVED =
      Comparator.comparing(open -> open.batch().record(), BatchRecord.DISPATCH_ORDER);

  private final Batch batch;
  private final IntPredicate doneBefore;
  private final List<TargetQueue> lanes;
  private final FailureStreak streak;
  private int done;
  private int inFlight;
  private Control control;

  /** A batch, of which an earlier life may have done some runs. */
  OpenBatch(Batch batch, Control control, IntPredicate doneBefore) {
    this.batch = batch;
    this.control = control;
    this.doneBefore = doneBefore;
    this.lanes = lanesByTarget();
    this.streak = new FailureStreak(batch.config().limits());
    follow(control);
  }

  Batch batch() {
    return batch;
  }

  /** Which workers take its runs. */
  String pool() {
    return batch.config().pool();
  }

  int size() {
    return batch.size();
  }

  List<TargetQueue> lanes() {
    return lanes;
  }

  /** The lane that run {@code index} belongs to. */
  TargetQueue laneOf(int index) {
    Target target = Target.of(batch.sweep().url(index));
    return lanes.stream().filter(l -> l.target().equals(target)).findFirst().orElseThrow();
  }

  /** How long run {@code index} may take. */
  Duration limitOf(int index) {
    return batch.config().limits().total(batch.sweep().parameters(index));
  }

  /** Whether an earlier life finished this run; counts it as done then. */
  boolean alreadyDone(int index) {
    boolean isDone = doneBefore.test(index);
    if (isDone) {
      done++;
    }
    return isDone;
  }

  /** A run of it was released. */
  void released() {
    inFlight++;
  }

  /** A released run was answered. */
  void answered() {
    inFlight--;
  }

  /** A run is done for good; words when the rest should be cancelled for it. */
  Optional<String> ended(RunReport report) {
    done++;
    return streak.add(report);
  }

  /** A run that was done is to be done again. */
  void again(int index) {
    if (laneOf(index).again(index)) {
      done--;
    }
  }

  /** Takes what people ordered by now. */
  void follow(Control orders) {
    control = orders;
    if (isCancelled()) {
      lanes.forEach(TargetQueue::close);
    }
  }

  /** How to end a run that is not to be executed because somebody cancelled it. */
  Optional<RunOrder.Ending> endingOf(int index) {
    return control.cancellationOf(index).map(RunOrder.Ending::cancelled);
  }

  boolean isCancelled() {
    return control.cancelled().isPresent();
  }

  boolean isPaused() {
    return control.paused().isPresent();
  }

  /** Whether orders may be sent; what is cancelled is ended in a pause too. */
  boolean mayRelease(boolean allPaused) {
    return isCancelled() || !isPaused() && !allPaused;
  }

  /** Whether nothing is left to do. */
  boolean finished() {
    return done >= batch.size()
        || isCancelled() && inFlight == 0 && lanes.stream().allMatch(TargetQueue::isIdle);
  }

  private List<TargetQueue> lanesByTarget() {
    Map<Target, Set<String>> urls = new LinkedHashMap<>();
    batch
        .config()
        .sweeps()
        .getOrDefault("url", List.of(batch.sweep().url(0)))
        .forEach(url -> addTo(urls, (String) url));
    return urls.entrySet().stream()
        .map(
            entry ->
                new TargetQueue(
                    this, entry.getKey(), i -> entry.getValue().contains(batch.sweep().url(i))))
        .toList();
  }

  private static void addTo(Map<Target, Set<String>> urls, String url) {
    urls.computeIfAbsent(Target.of(url), target -> new LinkedHashSet<>()).add(url);
  }
}
