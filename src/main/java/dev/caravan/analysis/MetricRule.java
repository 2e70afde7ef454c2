package dev.caravan.analysis;

/**
 * How a metric is judged.
 *
 * @param name its name in {@code results.csv}
 * @param higherIsBetter whether a rise is an improvement
 * @param tolerance the change for the worse that is accepted, as a fraction: 0.05 for 5 %
 * @param noise how much batches of the same thing differ beyond their repeats
 */
public record MetricRule(String name, boolean higherIsBetter, double tolerance, Noise noise) {

  /** The tolerance as a difference of logarithms. */
  double limit() {
    return Math.log1p(tolerance);
  }

  /** A value as a logarithm that rises as the metric gets worse; NaN unless it is positive. */
  double worse(double value) {
    double log = value > 0 ? Math.log(value) : Double.NaN;
    return higherIsBetter ? -log : log;
  }

  /** The value of such a logarithm. */
  double value(double worse) {
    return Math.exp(higherIsBetter ? -worse : worse);
  }

  /** A difference of such logarithms as a change of the metric: -0.1 for a fall by 10 %. */
  double change(double worse) {
    return Math.expm1(higherIsBetter ? -worse : worse);
  }
}
