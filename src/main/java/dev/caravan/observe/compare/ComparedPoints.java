package dev.caravan.observe.compare;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The points that both sides have.
 *
 * @param compared those at which runs of both sides count
 * @param lost those at which runs of only one side count
 * @param labels point to its words
 */
record ComparedPoints(List<String> compared, List<String> lost, Map<String, String> labels) {

  /** What a side has none of at the lost points, in words. */
  Stream<String> gaps() {
    return lost.stream().map(point -> "run that counts" + at(point));
  }

  /** Such as {@code at concurrency 8} behind a space; nothing for the only point. */
  String at(String point) {
    String label = labels.getOrDefault(point, point);
    return label.isEmpty() ? "" : " at " + label;
  }
}
