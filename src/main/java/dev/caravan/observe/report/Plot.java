package dev.caravan.observe.report;

import java.util.List;

/**
 * A plot that a report shows, as data: which runs in which order, and which figures.
 *
 * @param id unique in its report
 * @param kind how it is drawn
 * @param title for people
 * @param x what stands on the x axis: a sweep key or a metric's name
 * @param y metrics that stand on the y axis, or that a person may choose among
 * @param series what is drawn in one colour
 * @param note what else is to be said; empty when nothing
 */
public record Plot(
    String id,
    Kind kind,
    String title,
    String x,
    List<String> y,
    List<Series> series,
    String note) {

  /** How a plot is drawn. */
  public enum Kind {
    /** Metric against metric, points labelled by their sweep value, joined in its order. */
    CURVE,
    /** The same with the knee and the Pareto points marked. */
    TRADEOFF,
    /** Metrics over a numeric sweep key; percentiles as a band. */
    LINES,
    /** Two sweep keys, one metric as colour. */
    HEAT,
    /** Grouped bars with spread over a sweep key that is no number. */
    BARS
  }

  /**
   * Points of one colour.
   *
   * @param label its name; empty when it is the only one
   * @param batch position of its batch in the report
   * @param key position of the sweep key whose values label the points; -1 for none
   * @param points positions of its runs in the batch's points, in the order they are joined in
   * @param knee position of the point where more load begins to cost more than it gives; -1 for
   *     none
   * @param pareto positions of the points that no other one beats in both figures
   */
  public record Series(
      String label, int batch, int key, List<Integer> points, int knee, List<Integer> pareto) {
    public Series {
      points = List.copyOf(points);
      pareto = List.copyOf(pareto);
    }
  }

  public Plot {
    y = List.copyOf(y);
    series = List.copyOf(series);
  }
}
