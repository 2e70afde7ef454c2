package dev.caravan.config;

/**
 * A bound that a metric of a run should keep.
 *
 * @param metric its column in {@code results.csv}
 * @param bound in the unit of the column
 */
public record Slo(String metric, double bound) {

  /** Whether a metric with this column is better when it is higher. */
  public static boolean isHigherBetter(String metric) {
    return metric.contains("throughput") || metric.contains("tokens_per_s");
  }

  /** Whether a value keeps the bound: at least it for a throughput, at most for anything else. */
  public boolean holds(double value) {
    return isHigherBetter(metric) ? value >= bound : value <= bound;
  }
}
