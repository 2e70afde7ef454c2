package dev.caravan.observe.compare;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The batches of some names over time.
 *
 * @param metrics columns of {@code results.csv}
 * @param lines one a batch, oldest first, name after name
 * @param leftOut batches that have no line, with the reason
 */
public record Trend(List<String> metrics, List<Line> lines, List<String> leftOut) {

  public Trend {
    metrics = List.copyOf(metrics);
    lines = List.copyOf(lines);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * A batch.
   *
   * @param name the name that was asked for
   * @param batch its id
   * @param time when it was accepted, RFC 3339
   * @param commit its label of that name; empty without
   * @param aiperf version of aiperf
   * @param changed in what it is another thing than the batches before it, such as another version
   *     of aiperf; empty if it is like them. Its values are not to be compared with theirs
   * @param verdict the verdict when it ended; empty if it was not compared
   * @param slo the highest load that keeps the bounds of the config, in a few words; empty without
   * @param runs number of its runs that count
   * @param values in the order of the metrics
   */
  public record Line(
      String name,
      String batch,
      String time,
      String commit,
      String aiperf,
      String changed,
      String verdict,
      String slo,
      int runs,
      List<Value> values) {

    public Line {
      values = List.copyOf(values);
    }

    /** Whether a new stretch of alike batches begins. */
    boolean breaks() {
      return !changed.isEmpty();
    }
  }

  /**
   * A metric of a batch.
   *
   * @param mean geometric mean over the points
   * @param low lower end of its 95 % interval, by what its rounds say; empty unless two have all
   *     points
   * @param high upper end
   */
  public record Value(double mean, OptionalDouble low, OptionalDouble high) {}
}
