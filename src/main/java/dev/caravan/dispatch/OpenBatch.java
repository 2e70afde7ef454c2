package dev.caravan.dispatch;

import dev.caravan.batch.Batch;
import dev.caravan.health.Target;
import dev.caravan.run.RunReport;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/** A batch that dispatch works on: its lanes, how many of its runs are done, and its orders. */
final class OpenBatch {

  private final Batch batch;
  private final IntPredicate doneBefore;
  private final List<Lane> lanes;
  private final FailureStreak streak;
  private int done;
  private int inFlight;
  private boolean paused;
  private boolean cancelled;

  /** A batch, of which an earlier life may have done some runs. */
  OpenBatch(Batch batch, IntPredicate doneBefore) {
    this.batch = batch;
    this.doneBefore = doneBefore;
    this.lanes = lanesByTarget();
    this.streak = new FailureStreak(batch.config().limits());
  }

  Batch batch() {
    return batch;
  }

  int size() {
    return batch.size();
  }

  List<Lane> lanes() {
    return lanes;
  }

  /** The lane that run {@code index} belongs to. */
  Lane laneOf(int index) {
    Target target = Target.of(batch.sweep().url(index));
    return lanes.stream().filter(l -> l.target().equals(target)).findFirst().orElseThrow();
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

  /** Holds back, or lets go on, what has not started. */
  void pause(boolean hold) {
    paused = hold;
  }

  /** Nothing more of it is started. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Whether runs of it may be released. */
  boolean mayRelease() {
    return !paused && !cancelled;
  }

  /** Whether nothing is left to do. */
  boolean finished() {
    return done >= batch.size() || cancelled && inFlight == 0;
  }

  private List<Lane> lanesByTarget() {
    Map<Target, Set<String>> urls = new LinkedHashMap<>();
    batch
        .config()
        .sweeps()
        .getOrDefault("url", List.of(batch.sweep().url(0)))
        .forEach(url -> addTo(urls, (String) url));
    return urls.entrySet().stream()
        .map(
            entry ->
                new Lane(
                    this, entry.getKey(), i -> entry.getValue().contains(batch.sweep().url(i))))
        .toList();
  }

  private static void addTo(Map<Target, Set<String>> urls, String url) {
    urls.computeIfAbsent(Target.of(url), target -> new LinkedHashSet<>()).add(url);
  }
}
