package dev.caravan.observe.compare;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The values of metrics by batch, point and repeat, as the statistics take them. */
final class MeasuredValues {

  private final List<Slots> batches;

  /** A batch: its runs by point, and the place of each of its repeats. */
  private record Slots(Map<String, List<ComparedRun>> byPoint, Map<Integer, Integer> places) {

    static Slots of(ComparedBatch batch) {
      List<Integer> repeats =
          batch.runs().stream().map(ComparedRun::repeat).distinct().sorted().toList();
      Map<Integer, Integer> places = new HashMap<>();
      repeats.forEach(repeat -> places.put(repeat, places.size()));
      return new Slots(
          batch.runs().stream().collect(Collectors.groupingBy(ComparedRun::point)), places);
    }

    double[] values(String column, String point) {
      double[] values = new double[places.size()];
      Arrays.fill(values, Double.NaN);
      for (ComparedRun run : byPoint.getOrDefault(point, List.of())) {
        values[places.get(run.repeat())] = run.metric(column).orElse(Double.NaN);
      }
      return values;
    }
  }

  /** The values of these batches. */
  MeasuredValues(List<ComparedBatch> batches) {
    this.batches = batches.stream().map(Slots::of).toList();
  }

  /** For each batch the values of a metric at a point, by repeat; NaN where there is none. */
  List<double[]> at(String column, String point) {
    return batches.stream().map(batch -> batch.values(column, point)).toList();
  }
}
