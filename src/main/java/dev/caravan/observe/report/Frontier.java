package dev.caravan.observe.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the Pareto points and the knee of a throughput-latency curve. */
final class Frontier {

  /** Fewer points have no knee. */
  private static final int MIN_POINTS = 3;

  /** A curve that bends less than this fraction of its height has no knee. */
  private static final double MIN_BEND = 0.05;

  /**
   * A run on the curve.
   *
   * @param point its position in the batch's points
   * @param cost lower is better, such as a latency
   * @param gain higher is better, such as a throughput
   */
  record CurvePoint(int point, double cost, double gain) {}

  private Frontier() {}

  /** The points that no other point beats in both cost and gain, by rising cost. */
  static List<CurvePoint> pareto(List<CurvePoint> points) {
    List<CurvePoint> sorted = new ArrayList<>(points);
    sorted.sort(
        Comparator.comparingDouble(CurvePoint::cost)
            .thenComparing(CurvePoint::gain, Comparator.reverseOrder()));
    List<CurvePoint> front = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (CurvePoint candidate : sorted) {
      if (candidate.gain() > best) {
        front.add(candidate);
        best = candidate.gain();
      }
    }
    return front;
  }

  /**
   * The Pareto point beyond which cost grows faster than gain, as {@link CurvePoint#point}; -1 when
   * there is none. It is the one farthest above the straight line between the first and the last
   * point, both axes scaled to 1 (Satopää et al., "Finding a Kneedle in a Haystack", 2011).
   */
  static int knee(List<CurvePoint> front) {
    if (front.size() < MIN_POINTS) {
      return -1;
    }
    CurvePoint first = front.get(0);
    CurvePoint last = front.get(front.size() - 1);
    double width = last.cost() - first.cost();
    double height = last.gain() - first.gain();
    int knee = -1;
    double highest = MIN_BEND;
    for (CurvePoint candidate : front) {
      double above =
          (candidate.gain() - first.gain()) / height - (candidate.cost() - first.cost()) / width;
      if (above > highest) {
        highest = above;
        knee = candidate.point();
      }
    }
    return knee;
  }
}
