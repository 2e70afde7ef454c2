package dev.caravan.dispatch;

import dev.caravan.batch.Batch;
import dev.caravan.health.Target;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/** A batch that dispatch works on: its lanes and how many of its runs are done. */
final class OpenBatch {

  private final Batch batch;
  private final IntPredicate doneBefore;
  private final List<Lane> lanes;
  private int done;

  /** A batch, of which an earlier life may have done some runs. */
  OpenBatch(Batch batch, IntPredicate doneBefore) {
    this.batch = batch;
    this.doneBefore = doneBefore;
    this.lanes = lanesByTarget();
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

  /** One more run is done. */
  void countDone() {
    done++;
  }

  boolean finished() {
    return done >= batch.size();
  }
}
