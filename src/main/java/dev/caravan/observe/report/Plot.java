package dev.caravan.observe.report;

import java.util.List;

/**
 * A plot of a report as data: which runs in which order, and which metrics.
 *
 * @param id unique in its report
 * @param kind how it is drawn
 * @param title the title shown
 * @param x the x axis: {@code key:} and a sweep key, or a metric's name
 * @param y metrics on the y axis, or those to choose among
 * @param series points by colour
 * @param note what it leaves out, in words; empty for nothing
 */
public record Plot(
    String id,
    Kind kind,
    String title,
    String x,
    List<String> y,
    List<Series> series,
    String note) {

  /** A plot that leaves nothing out. */
  Plot(String id, Kind kind, String title, String x, List<String> y, List<Series> series) {
    this(id, kind, title, x, y, series, "");
  }

  /** How a plot is drawn. */
  public enum Kind {
    /** One metric over another for several batches, with what no other point beats. */
    FRONTIER,
    /**
     * One metric over another; points are labelled with their sweep value and joined in its order.
     */
    CURVE,
    /** Like a curve, with the knee and the Pareto points marked. */
    TRADEOFF,
    /** Metrics over a numeric sweep key; percentiles as a band. */
    LINES,
    /** A heat map: two sweep keys, with a metric as colour. */
    HEAT,
    /** Grouped bars with spread over a non-numeric sweep key. */
    BARS
  }

  /**
   * Points of one colour.
   *
   * @param label its name; empty when it is the only series
   * @param batch position of its batch in the report
   * @param key position of the sweep key whose values label the points; -1 for none
   * @param points positions of its runs in the batch's points, in drawing order
   * @param knee position of the point beyond which latency grows faster than throughput; -1 for
   *     none
   * @param pareto positions of the points that no other point of the plot beats in both metrics
   */
  public record Series(
      String label, int batch, int key, List<Integer> points, int knee, List<Integer> pareto) {
    public Series {
      points = List.copyOf(points);
      pareto = List.copyOf(pareto);
    }

    /** The same line with these Pareto points. */
    Series withPareto(List<Integer> marked) {
      return new Series(label, batch, key, points, knee, marked);
    }
  }

  public Plot {
    y = List.copyOf(y);
    series = List.copyOf(series);
  }
}
