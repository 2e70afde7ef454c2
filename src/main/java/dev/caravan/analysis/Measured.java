package dev.caravan.analysis;

import java.util.List;

/**
 * The values of one metric at one point, in the unit of the metric. In every point of a comparison,
 * batches stand in the same order, and so do the repeats of a batch.
 *
 * @param metric the metric and how it is judged
 * @param point the point's name
 * @param base for each batch of the base, one value a repeat; NaN where a repeat has none
 * @param candidate the same of the side that is judged
 */
public record Measured(
    MetricRule metric, String point, List<double[]> base, List<double[]> candidate) {

  public Measured {
    base = List.copyOf(base);
    candidate = List.copyOf(candidate);
  }

  /** The same values, judged with this noise between batches. */
  public Measured with(Noise noise) {
    return new Measured(
        new MetricRule(metric.name(), metric.higherIsBetter(), metric.tolerance(), noise),
        point,
        base,
        candidate);
  }
}
