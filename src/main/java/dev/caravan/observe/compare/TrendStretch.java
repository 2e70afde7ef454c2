package dev.caravan.observe.compare;

import dev.caravan.analysis.Noise;
import dev.caravan.analysis.Verdict;
import dev.caravan.observe.compare.Trend.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Consecutive batches that are alike.
 *
 * @param from position of the first one
 */
record TrendStretch(int from, List<Line> lines) {

  /**
   * How much the batches of a stretch differ in a metric.
   *
   * @param mean geometric mean
   * @param deviation standard deviation of the logarithms of their means
   * @param batches number of batches that it was measured over
   */
  record Spread(double mean, double deviation, int batches) {

    double low() {
      return mean * Math.exp(-2 * deviation);
    }

    double high() {
      return mean * Math.exp(2 * deviation);
    }
  }

  /** The stretches of these lines, in their order. */
  static List<TrendStretch> of(List<Line> lines) {
    List<TrendStretch> stretches = new ArrayList<>();
    int from = 0;
    for (int at = 1; at <= lines.size(); at++) {
      if (at == lines.size() || lines.get(at).breaks()) {
        stretches.add(new TrendStretch(from, lines.subList(from, at)));
        from = at;
      }
    }
    return stretches;
  }

  static boolean failed(Line line) {
    return line.verdict().equals(Verdict.FAIL.name());
  }

  /** The version of aiperf, of which there is one; empty if unknown. */
  String aiperf() {
    return lines.stream().map(Line::aiperf).filter(each -> !each.isEmpty()).findFirst().orElse("");
  }

  /** Position after the last one. */
  int end() {
    return from + lines.size();
  }

  /** The spread of the batches that did not fail; empty when they are too few. */
  Optional<Spread> spread(int metric) {
    double[] logs =
        lines.stream()
            .filter(line -> !failed(line))
            .mapToDouble(line -> Math.log(line.values().get(metric).mean()))
            .toArray();
    if (logs.length < Noise.FEWEST_BATCHES) {
      return Optional.empty();
    }
    double mean = Arrays.stream(logs).average().orElseThrow();
    double squares = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
    return Optional.of(
        new Spread(Math.exp(mean), Math.sqrt(squares / (logs.length - 1)), logs.length));
  }
}
