package dev.caravan.observe.report;

import dev.caravan.observe.report.Frontier.Place;
import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.observe.report.Plot.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Chooses the plots of one batch by what it sweeps over. */
final class Plots {

  /** More lines cannot be told apart. */
  private static final int MOST_SERIES = 12;

  /** More rows or columns cannot be read. */
  private static final int MOST_CELLS = 40;

  private static final List<List<ReportMetric>> FAMILIES =
      List.of(
          List.of(ReportMetric.TTFT_P50, ReportMetric.TTFT_P90, ReportMetric.TTFT_P99),
          List.of(ReportMetric.ITL_P50, ReportMetric.ITL_P90, ReportMetric.ITL_P99),
          List.of(ReportMetric.LATENCY_P50, ReportMetric.LATENCY_P90, ReportMetric.LATENCY_P99),
          List.of(ReportMetric.RUNNING, ReportMetric.WAITING));
  private static final List<String> FAMILY_NAMES =
      List.of(
          "Time to first token",
          "Inter-token latency",
          "Request latency",
          "Requests running and waiting in the service");

  private final BatchData batch;
  private final int at;
  private final String prefix;

  /**
   * The plots of a batch.
   *
   * @param at its position in the report
   */
  Plots(BatchData batch, int at) {
    this.batch = batch;
    this.at = at;
    this.prefix = "b" + at + "-";
  }

  /** The plots in the order they are shown. */
  List<Plot> plots() {
    List<Plot> plots = new ArrayList<>();
    if (!batch.keys().isEmpty() && batch.points().stream().anyMatch(Point::completed)) {
      SweepKeys keys = SweepKeys.of(batch);
      plots.addAll(curves(keys));
      keys.main().ifPresent(main -> plots.addAll(lines(keys, main)));
      heat(keys).ifPresent(plots::add);
      keys.category().ifPresent(category -> plots.addAll(bars(keys, category)));
    }
    return plots;
  }

  private List<Plot> curves(SweepKeys keys) {
    ReportMetric y = batch.throughput();
    List<Plot> plots = new ArrayList<>();
    List<Series> series = series(keys, keys.main().orElse(-1), y, batch.latency());
    String note = note(series.size());
    plots.add(curve("first", Kind.CURVE, y, batch.latency(), series, note));
    if (batch.has(ReportMetric.TOKENS_PER_USER)) {
      plots.add(curve("user", Kind.CURVE, y, ReportMetric.TOKENS_PER_USER, series, note));
    }
    plots.add(
        curve(
            "tradeoff",
            Kind.TRADEOFF,
            ReportMetric.REQUESTS_PER_SECOND,
            ReportMetric.LATENCY_P99,
            series(
                keys,
                keys.main().orElse(-1),
                ReportMetric.REQUESTS_PER_SECOND,
                ReportMetric.LATENCY_P99),
            note));
    return plots.stream().filter(this::drawable).toList();
  }

  private boolean drawable(Plot plot) {
    return ReportMetric.of(plot.x()).map(batch::has).orElse(true)
        && plot.y().stream().anyMatch(y -> ReportMetric.of(y).map(batch::has).orElse(false));
  }

  private Plot curve(
      String id, Kind kind, ReportMetric y, ReportMetric x, List<Series> series, String note) {
    String title =
        kind == Kind.TRADEOFF
            ? "Throughput–latency: knee and Pareto points"
            : y.label() + " against " + x.label();
    return new Plot(prefix + id, kind, title, x.column(), List.of(y.column()), most(series), note);
  }

  private List<Plot> lines(SweepKeys keys, int main) {
    List<Plot> plots = new ArrayList<>();
    List<Series> series = series(keys, main, batch.throughput(), batch.latency());
    String x = "key:" + batch.keys().get(main);
    String note = note(series.size());
    plots.add(
        new Plot(
            prefix + "throughput",
            Kind.LINES,
            "Requests per second",
            x,
            having(List.of(ReportMetric.REQUESTS_PER_SECOND, ReportMetric.GOODPUT)),
            most(series),
            note));
    for (int i = 0; i < FAMILIES.size(); i++) {
      List<String> y = having(FAMILIES.get(i));
      if (!y.isEmpty()) {
        plots.add(
            new Plot(prefix + y.get(0), Kind.LINES, FAMILY_NAMES.get(i), x, y, most(series), note));
      }
    }
    return plots;
  }

  private Optional<Plot> heat(SweepKeys keys) {
    boolean fits =
        batch.keys().size() == 2
            && IntStream.range(0, 2).allMatch(key -> keys.values(key).size() <= MOST_CELLS);
    if (!fits) {
      return Optional.empty();
    }
    Series all = new Series("", at, -1, range(batch.points().size()), -1, List.of());
    return Optional.of(
        new Plot(
            prefix + "heat",
            Kind.HEAT,
            batch.keys().get(0) + " × " + batch.keys().get(1),
            "key:" + batch.keys().get(1),
            shown(),
            List.of(all),
            ""));
  }

  private List<Plot> bars(SweepKeys keys, int category) {
    List<Series> series = series(keys, category, batch.throughput(), batch.latency());
    String x = "key:" + batch.keys().get(category);
    String note = note(series.size());
    List<Plot> plots = new ArrayList<>();
    plots.add(
        new Plot(
            prefix + "bars-throughput",
            Kind.BARS,
            batch.throughput().label() + " by " + batch.keys().get(category),
            x,
            having(List.of(batch.throughput())),
            most(series),
            note));
    List<String> spread = having(FAMILIES.get(batch.latency() == ReportMetric.TTFT_P99 ? 0 : 2));
    if (!spread.isEmpty()) {
      plots.add(
          new Plot(
              prefix + "bars-latency",
              Kind.BARS,
              batch.latency().label() + " by " + batch.keys().get(category),
              x,
              spread,
              most(series),
              note));
    }
    return plots;
  }

  /** One series for each combination of the other keys' values, joined in the order of this key. */
  private List<Series> series(SweepKeys keys, int main, ReportMetric gain, ReportMetric cost) {
    Map<List<Object>, List<Integer>> groups = new LinkedHashMap<>();
    for (int point = 0; point < batch.points().size(); point++) {
      groups
          .computeIfAbsent(keys.others(batch.points().get(point), main), k -> new ArrayList<>())
          .add(point);
    }
    List<Series> series = new ArrayList<>();
    groups.forEach(
        (others, points) -> {
          points.sort(keys.along(main));
          List<Place> front = Frontier.pareto(places(points, gain, cost));
          series.add(
              new Series(
                  keys.label(others, main),
                  at,
                  main,
                  points,
                  Frontier.knee(front),
                  front.stream().map(Place::point).toList()));
        });
    return series;
  }

  private List<Place> places(List<Integer> points, ReportMetric gain, ReportMetric cost) {
    List<Place> places = new ArrayList<>();
    for (int point : points) {
      Point run = batch.points().get(point);
      if (run.completed()
          && run.figures().get(gain).isPresent()
          && run.figures().get(cost).isPresent()) {
        places.add(
            new Place(
                point,
                run.figures().get(cost).getAsDouble(),
                run.figures().get(gain).getAsDouble()));
      }
    }
    return places;
  }

  private List<String> having(List<ReportMetric> metrics) {
    return metrics.stream().filter(batch::has).map(ReportMetric::column).toList();
  }

  /** What may be chosen for the colour of a heat map, the most asked for first. */
  private List<String> shown() {
    return Stream.concat(
            Stream.of(batch.throughput(), batch.latency()), Stream.of(ReportMetric.values()))
        .distinct()
        .filter(batch::has)
        .map(ReportMetric::column)
        .toList();
  }

  private static List<Series> most(List<Series> series) {
    return series.subList(0, Math.min(MOST_SERIES, series.size()));
  }

  private static String note(int series) {
    return series <= MOST_SERIES
        ? ""
        : "The first "
            + MOST_SERIES
            + " of "
            + series
            + " lines are drawn; the table has all runs.";
  }

  private static List<Integer> range(int size) {
    return IntStream.range(0, size).boxed().toList();
  }
}
