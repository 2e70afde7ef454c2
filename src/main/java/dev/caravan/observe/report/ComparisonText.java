package dev.caravan.observe.report;

import dev.caravan.observe.report.ComparisonResult.Row;
import dev.caravan.observe.report.ComparisonResult.Unlike;
import dev.caravan.observe.report.ComparisonResult.Value;
import dev.caravan.pipeline.outcome.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The words and cells of a comparison that several formats share. */
public final class ComparisonText {

  /** What a table says of a difference over all points. */
  static final String ALL_POINTS = "all points";

  private ComparisonText() {}

  /** The name of a metric with its unit. */
  static String metric(Row row) {
    boolean hasUnit = row.unit().isEmpty() || row.label().contains("/s");
    return row.label() + (hasUnit ? "" : " (" + row.unit() + ")");
  }

  static String point(Row row) {
    return row.overall() ? ALL_POINTS : row.point().isEmpty() ? "—" : row.point();
  }

  /** The mean, if there is one; a percentile of too few requests gets a tilde. */
  static String value(Value value) {
    return value.mean().isEmpty()
        ? "–"
        : (value.rough() ? TableColumns.ROUGH : "") + Rounding.of(value.mean().getAsDouble());
  }

  /** The change of the metric; empty when the sides are different things. */
  static String change(Row row) {
    return row.change().isPresent() ? percent(row.change().getAsDouble()) : "";
  }

  /** Such as {@code −6.1 %}. */
  private static String percent(double fraction) {
    double tenths = Math.rint(1000 * fraction) / 10 + 0.0;
    return String.format(Locale.ROOT, "%+.1f %%", tenths).replace('-', '−');
  }

  /** The 95 % interval of the change; empty without repeats. */
  static String interval(Row row) {
    return row.low().isPresent() && row.high().isPresent()
        ? "[" + percent(row.low().getAsDouble()) + ", " + percent(row.high().getAsDouble()) + "]"
        : "";
  }

  /** The numbers of repeats of both sides. */
  static String repeats(Row row) {
    return row.base().n() == row.candidate().n()
        ? String.valueOf(row.base().n())
        : row.base().n() + "/" + row.candidate().n();
  }

  static String kind(Row row) {
    return switch (row.kind()) {
      case WORSE -> "worse";
      case BETTER -> "better";
      case WITHIN -> "at most " + tolerance(row) + " worse";
      case OPEN -> "open";
      case SINGLE -> "no verdict";
      case UNLIKE -> "not compared";
    };
  }

  private static String tolerance(Row row) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * row.tolerance()).replace(".0 %", " %");
  }

  static String probability(Row row) {
    OptionalDouble p = row.probability();
    return p.isEmpty()
        ? ""
        : p.getAsDouble() < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p.getAsDouble());
  }

  /** The lines below a table, without marks of any format. */
  static List<String> remarks(ComparisonResult result) {
    List<String> lines = new ArrayList<>();
    unlike(
        lines,
        "Unlike",
        result.unlike(),
        each -> each.text() + (each.allowed() ? " (allowed)" : ""));
    unlike(lines, "Also different", result.listed(), Unlike::text);
    points(lines, result.base().name(), result.onlyBase());
    points(lines, result.candidate().name(), result.onlyCandidate());
    lines.addAll(result.notes());
    if (rough(result)) {
      lines.add("~ too few requests for this percentile.");
    }
    return lines.stream().map(line -> OneLine.line(line, 1_000)).toList();
  }

  private static boolean rough(ComparisonResult result) {
    return result.rows().stream()
        .flatMap(row -> Stream.of(row.base(), row.candidate()))
        .anyMatch(Value::rough);
  }

  private static void unlike(
      List<String> lines, String what, List<Unlike> all, Function<Unlike, String> text) {
    if (!all.isEmpty()) {
      lines.add(what + ": " + all.stream().map(text).collect(Collectors.joining("; ")) + ".");
    }
  }

  private static void points(List<String> lines, String side, List<String> points) {
    if (!points.isEmpty()) {
      lines.add("Only in " + side + ": " + pointNames(points) + ".");
    }
  }

  /** These points in words; that of a batch in which nothing varies has no name. */
  public static String pointNames(List<String> points) {
    return points.equals(List.of("")) ? "its only point" : String.join("; ", points);
  }
}
