package dev.caravan.observe.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The knee and the Pareto points of a throughput-latency curve. */
final class Frontier {

  /** Fewer points have no knee. */
  private static final int FEWEST = 3;

  /** A curve that bends less than this, in shares of its height, has no knee. */
  private static final double LEAST_BEND = 0.05;

  /**
   * A run on the curve.
   *
   * @param point its position in the batch's points
   * @param cost the less the better, such as a latency
   * @param gain the more the better, such as a throughput
   */
  record Place(int point, double cost, double gain) {}

  private Frontier() {}

  /** The points that no other one beats in both figures, by rising cost. */
  static List<Place> pareto(List<Place> places) {
    List<Place> sorted = new ArrayList<>(places);
    sorted.sort(
        Comparator.comparingDouble(Place::cost)
            .thenComparing(Place::gain, Comparator.reverseOrder()));
    List<Place> front = new ArrayList<>();
    double best = Double.NEGATIVE_INFINITY;
    for (Place place : sorted) {
      if (place.gain() > best) {
        front.add(place);
        best = place.gain();
      }
    }
    return front;
  }

  /**
   * The point of these where more load begins to cost more than it gives, -1 when there is none:
   * the one farthest above the straight line between the first and the last one, both axes scaled
   * to 1 (Satopää et al., "Finding a Kneedle in a Haystack", 2011).
   */
  static int knee(List<Place> front) {
    if (front.size() < FEWEST) {
      return -1;
    }
    Place first = front.get(0);
    Place last = front.get(front.size() - 1);
    double width = last.cost() - first.cost();
    double height = last.gain() - first.gain();
    int knee = -1;
    double farthest = LEAST_BEND;
    for (Place place : front) {
      double above = (place.gain() - first.gain()) / height - (place.cost() - first.cost()) / width;
      if (above > farthest) {
        farthest = above;
        knee = place.point();
      }
    }
    return knee;
  }
}
