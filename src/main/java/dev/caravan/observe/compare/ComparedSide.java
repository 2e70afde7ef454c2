package dev.caravan.observe.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One side of a comparison: one batch or several, or variants of one.
 *
 * @param name how the user named it
 * @param batches each with its repeats
 */
public record ComparedSide(String name, List<ComparedBatch> batches) {

  public ComparedSide {
    batches = List.copyOf(batches);
  }

  /** A side of one batch, with all its variants, under its id. */
  public static ComparedSide of(ComparedBatch batch) {
    return of(batch.id(), List.of(batch));
  }

  /** A side of batches with all their variants. */
  static ComparedSide of(String name, List<ComparedBatch> batches) {
    return new ComparedSide(name, batches.stream().map(ComparedBatch::whole).toList());
  }

  Stream<ComparedRun> runs() {
    return batches.stream().flatMap(batch -> batch.runs().stream());
  }

  ComparedSide counting(Predicate<ComparedRun> rule) {
    return new ComparedSide(name, batches.stream().map(batch -> batch.counting(rule)).toList());
  }

  /** Its runs by point, in order of appearance. */
  Map<String, List<ComparedRun>> byPoint() {
    Map<String, List<ComparedRun>> points = new LinkedHashMap<>();
    runs().forEach(run -> points.computeIfAbsent(run.point(), p -> new ArrayList<>()).add(run));
    return points;
  }

  List<String> ids() {
    return batches.stream().map(ComparedBatch::id).distinct().toList();
  }
}
