package dev.caravan.observe.http;

import java.util.List;

/**
 * The activity of the last hours, as its template shows it.
 *
 * @param summary what happened, in a sentence
 * @param window the time span of the lanes
 * @param blocked why no run can start; empty while runs can
 * @param lanes a lane for each target
 * @param restarts when Caravan started
 * @param ticks the labels of the time axis
 */
record TimelineView(
    String summary,
    String window,
    String blocked,
    List<Lane> lanes,
    List<Period> restarts,
    List<TimeAxis.Tick> ticks) {

  /** A run in a lane; x and width are in thousandths of the window. */
  record Bar(
      String href, String outcome, String x, String width, int y, int height, String title) {}

  /** A period of time in a lane; x and width are in thousandths of the window. */
  record Period(String x, String width, String title) {}

  /** The runs and outages of one target. */
  record Lane(String target, String description, List<Bar> runs, List<Period> outages) {}
}
