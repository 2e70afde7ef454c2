package dev.caravan.observe.http;

import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchFigures;
import dev.caravan.observe.report.Change;
import dev.caravan.observe.report.NameTrend;
import dev.caravan.observe.report.Rounding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The throughput of the batches of a name as a small line, in coordinates of an SVG of {@link
 * #WIDTH} × {@link #HEIGHT}.
 *
 * @param lines a polyline for each stretch of batches of the same work
 * @param bands where the usual throughput of the newest one lies; none if it is not known
 * @param dots the batches that failed, as triangles, and the newest one
 * @param text the line in words
 */
public record Sparkline(List<String> lines, List<Band> bands, List<Dot> dots, String text) {

  static final int WIDTH = 140;
  static final int HEIGHT = 32;
  private static final double EDGE = 6;

  /** The picture spans at least this fraction below and above the middle: noise stays flat. */
  private static final double LEAST_SPAN = 0.12;

  /** A horizontal band. */
  public record Band(String y, String height) {}

  /**
   * A batch.
   *
   * @param kind a class of the style sheet
   * @param corners of a triangle; empty for a circle
   */
  public record Dot(String x, String y, String kind, String corners) {}

  /** The line of a name. */
  static Sparkline of(NameTrend trend) {
    List<OptionalDouble> values =
        trend.batches().stream()
            .map(
                entry ->
                    entry.figures().map(BatchFigures::throughput).orElse(OptionalDouble.empty()))
            .toList();
    DoubleStream ends =
        DoubleStream.concat(
            values.stream().flatMapToDouble(OptionalDouble::stream),
            trend.throughput().stream()
                .filter(change -> change.kind() != Change.Kind.UNKNOWN)
                .flatMapToDouble(Sparkline::ends));
    double[] all = ends.filter(Double::isFinite).sorted().toArray();
    if (all.length == 0) {
      return new Sparkline(List.of(), List.of(), List.of(), "no throughput measured");
    }
    double middle = all[all.length / 2];
    Scale scale =
        new Scale(
            values.size(),
            Math.min(all[0], middle * (1 - LEAST_SPAN)),
            Math.max(all[all.length - 1], middle * (1 + LEAST_SPAN)));
    return new Sparkline(
        lines(trend, values, scale),
        trend.throughput().stream()
            .filter(change -> change.kind() != Change.Kind.UNKNOWN)
            .map(change -> band(change, scale))
            .toList(),
        dots(trend, values, scale),
        text(trend, values));
  }

  private static DoubleStream ends(Change change) {
    return DoubleStream.of(
        change.usual() / (1 + change.bound()), change.usual() * (1 + change.bound()));
  }

  private static Band band(Change change, Scale scale) {
    double[] ends = ends(change).map(scale::y).toArray();
    return new Band(number(ends[1]), number(ends[0] - ends[1]));
  }

  private static List<String> lines(NameTrend trend, List<OptionalDouble> values, Scale scale) {
    List<String> lines = new ArrayList<>();
    List<String> points = new ArrayList<>();
    for (int at = 0; at <= values.size(); at++) {
      boolean ends = at == values.size() || values.get(at).isEmpty() || trend.isBreak(at);
      if (ends && points.size() > 1) {
        lines.add(String.join(" ", points));
      }
      if (ends) {
        points.clear();
      }
      if (at < values.size() && values.get(at).isPresent()) {
        points.add(number(scale.x(at)) + "," + number(scale.y(values.get(at).getAsDouble())));
      }
    }
    return lines;
  }

  private static List<Dot> dots(NameTrend trend, List<OptionalDouble> values, Scale scale) {
    int last = values.size() - 1;
    return IntStream.rangeClosed(0, last)
        .filter(at -> values.get(at).isPresent())
        .filter(at -> at == last || isBad(trend, at))
        .mapToObj(at -> dot(scale.x(at), scale.y(values.get(at).getAsDouble()), isBad(trend, at)))
        .toList();
  }

  private static boolean isBad(NameTrend trend, int at) {
    BatchEntry entry = trend.batches().get(at);
    boolean isSlower =
        trend.throughput().filter(change -> change.kind() == Change.Kind.WORSE).isPresent();
    return entry.verdict().equals("FAIL") || at == trend.batches().size() - 1 && isSlower;
  }

  private static Dot dot(double x, double y, boolean isBad) {
    String corners =
        Stream.of(new double[] {x, y + 4}, new double[] {x + 4, y - 4}, new double[] {x - 4, y - 4})
            .map(corner -> number(corner[0]) + "," + number(corner[1]))
            .collect(Collectors.joining(" "));
    return new Dot(number(x), number(y), isBad ? "bad" : "newest", isBad ? corners : "");
  }

  private static String text(NameTrend trend, List<OptionalDouble> values) {
    double[] known = values.stream().flatMapToDouble(OptionalDouble::stream).toArray();
    String newest =
        values.get(values.size() - 1).stream().mapToObj(Rounding::of).findFirst().orElse("unknown");
    return "Best "
        + trend.newest().figures().map(BatchFigures::unit).orElse("throughput")
        + " of "
        + values.size()
        + (values.size() == 1 ? " batch: " : " batches: ")
        + Rounding.of(DoubleStream.of(known).min().orElse(0))
        + " to "
        + Rounding.of(DoubleStream.of(known).max().orElse(0))
        + ", the newest "
        + newest;
  }

  /** Maps batches and values to coordinates. */
  private record Scale(int batches, double low, double high) {

    double x(int at) {
      return batches == 1 ? WIDTH - EDGE : EDGE + at * (WIDTH - 2 * EDGE) / (batches - 1);
    }

    double y(double value) {
      double share = Math.max(0, Math.min(1, (value - low) / (high - low)));
      return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE);
    }
  }

  private static String number(double value) {
    return BigDecimal.valueOf(Math.round(value * 10), 1).toString();
  }
}
