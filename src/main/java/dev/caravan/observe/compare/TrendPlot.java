package dev.caravan.observe.compare;

import java.util.List;

/**
 * A plot of one metric over the batches of a name, in coordinates of an SVG.
 *
 * @param title the metric with its unit
 * @param summary the plot in words
 * @param note what the bands are
 * @param left where the plotting area begins; its other edges follow
 * @param lines a polyline for each stretch of alike batches
 */
record TrendPlot(
    String title,
    String summary,
    String note,
    int width,
    int height,
    int left,
    int right,
    int top,
    int bottom,
    List<Tick> ticks,
    List<Band> bands,
    List<String> lines,
    List<Break> breaks,
    List<Mark> marks) {

  /** A line of the grid with its value. */
  record Tick(String y, String text) {}

  /** A band of noise around a mean. */
  record Band(String x, String end, String y, String width, String height, String middle) {}

  /** Where the batches become another thing, and in what. */
  record Break(String x, int y, String anchor, String text) {}

  /**
   * A batch.
   *
   * @param interval whether it has an interval, from low to high
   * @param failed whether its verdict is FAIL, for which it is drawn as a triangle
   * @param tip everything about it
   * @param label time and commit, below the axis
   */
  record Mark(
      String x,
      String y,
      boolean interval,
      String low,
      String high,
      boolean failed,
      String triangle,
      String tip,
      String label) {}
}
