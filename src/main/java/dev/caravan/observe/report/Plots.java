package dev.caravan.observe.report;

import dev.caravan.observe.report.Frontier.CurvePoint;
import dev.caravan.observe.report.Plot.Kind;
import dev.caravan.observe.report.Plot.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Chooses the plots of a batch by its sweep keys. */
final class Plots {

  /** Between words, which have no order, nothing bends. */
  private static final int NO_KNEE = -1;

  /** More rows or columns are hard to read. */
  private static final int MAX_CELLS = 40;

  private static final List<List<ReportMetric>> FAMILIES =
      List.of(
          List.of(ReportMetric.TTFT_P50, ReportMetric.TTFT_P90, ReportMetric.TTFT_P99),
          List.of(ReportMetric.ITL_P50, ReportMetric.ITL_P90, ReportMetric.ITL_P99),
          List.of(ReportMetric.LATENCY_P50, ReportMetric.LATENCY_P90, ReportMetric.LATENCY_P99),
          List.of(ReportMetric.RUNNING, ReportMetric.WAITING));
  private static final List<String> FAMILY_TITLES =
      List.of(
          "Time to first token",
          "Inter-token latency",
          "Request latency",
          "Requests running and waiting in the service");

  private final BatchData batch;
  private final int position;
  private final String prefix;

  /**
   * The plots of a batch.
   *
   * @param position its position in the report
   */
  Plots(BatchData batch, int position) {
    this.batch = batch;
    this.position = position;
    this.prefix = "b" + position + "-";
  }

  /** The plots in display order. */
  List<Plot> plots() {
    List<Plot> plots = new ArrayList<>();
    if (!batch.keys().isEmpty() && batch.points().stream().anyMatch(Point::completed)) {
      SweepKeys keys = SweepKeys.of(batch);
      plots.addAll(curves(keys));
      keys.load().ifPresent(load -> plots.addAll(lines(keys, load)));
      heat(keys).ifPresent(plots::add);
      keys.category().ifPresent(category -> plots.addAll(bars(keys, category)));
    }
    plots.removeIf(plot -> plot.y().isEmpty()); // its runs have no such metric
    return plots;
  }

  private List<Plot> curves(SweepKeys keys) {
    ReportMetric y = batch.throughput();
    List<Plot> plots = new ArrayList<>();
    int key = keys.load().or(keys::category).orElse(-1);
    List<Series> series = series(keys, key, y, batch.latency());
    plots.add(curve("first", Kind.CURVE, y, batch.latency(), series));
    if (batch.has(ReportMetric.TOKENS_PER_USER)) {
      plots.add(curve("user", Kind.CURVE, y, ReportMetric.TOKENS_PER_USER, series));
    }
    plots.add(
        curve(
            "tradeoff",
            Kind.TRADEOFF,
            ReportMetric.REQUESTS_PER_SECOND,
            ReportMetric.LATENCY_P99,
            series(keys, key, ReportMetric.REQUESTS_PER_SECOND, ReportMetric.LATENCY_P99)));
    return plots.stream().filter(this::drawable).toList();
  }

  private boolean drawable(Plot plot) {
    return ReportMetric.of(plot.x()).map(batch::has).orElse(true)
        && plot.y().stream().anyMatch(y -> ReportMetric.of(y).map(batch::has).orElse(false));
  }

  private Plot curve(String id, Kind kind, ReportMetric y, ReportMetric x, List<Series> series) {
    String title =
        kind == Kind.TRADEOFF
            ? "Throughput vs. latency: knee and Pareto points"
            : title(y) + " vs. " + title(x);
    return new Plot(
        prefix + id, kind, title, x.column(), List.of(y.column()), marks(y, x).on(series));
  }

  private static String title(ReportMetric metric) {
    return switch (metric) {
      case TOKENS -> "Output throughput";
      case TOKENS_PER_GPU -> "Throughput per GPU";
      case REQUESTS_PER_SECOND -> "Request throughput";
      case TOKENS_PER_USER -> "interactivity (tok/s/user, p50)";
      default -> metric.label();
    };
  }

  private List<Plot> lines(SweepKeys keys, int load) {
    List<Plot> plots = new ArrayList<>();
    List<Series> series = series(keys, load, batch.throughput(), batch.latency());
    String x = "key:" + batch.keys().get(load);
    plots.add(
        new Plot(
            prefix + "throughput",
            Kind.LINES,
            "Requests per second",
            x,
            available(List.of(ReportMetric.REQUESTS_PER_SECOND, ReportMetric.GOODPUT)),
            series));
    for (int i = 0; i < FAMILIES.size(); i++) {
      List<String> y = available(FAMILIES.get(i));
      if (!y.isEmpty()) {
        plots.add(new Plot(prefix + y.get(0), Kind.LINES, FAMILY_TITLES.get(i), x, y, series));
      }
    }
    return plots;
  }

  /** Two keys as a table; with three, the page draws one per value of one of them. */
  private Optional<Plot> heat(SweepKeys keys) {
    int count = batch.keys().size();
    boolean fits =
        (count == 2 || count == 3)
            && IntStream.range(0, count).allMatch(key -> keys.values(key).size() <= MAX_CELLS);
    if (!fits) {
      return Optional.empty();
    }
    Series all = new Series("", position, -1, range(batch.points().size()), -1, List.of());
    return Optional.of(
        new Plot(
            prefix + "heat",
            Kind.HEAT,
            String.join(" × ", batch.keys()),
            "key:" + batch.keys().get(1),
            heatMetrics(),
            List.of(all)));
  }

  private List<Plot> bars(SweepKeys keys, int category) {
    List<Series> series = series(keys, category, batch.throughput(), batch.latency());
    String x = "key:" + batch.keys().get(category);
    List<Plot> plots = new ArrayList<>();
    plots.add(
        new Plot(
            prefix + "bars-throughput",
            Kind.BARS,
            batch.throughput().label() + " by " + batch.keys().get(category),
            x,
            available(List.of(batch.throughput())),
            series));
    int family = batch.latency() == ReportMetric.TTFT_P99 ? 0 : 2;
    List<String> spread = available(FAMILIES.get(family));
    if (!spread.isEmpty()) {
      plots.add(
          new Plot(
              prefix + "bars-latency",
              Kind.BARS,
              FAMILY_TITLES.get(family) + " by " + batch.keys().get(category),
              x,
              spread,
              series));
    }
    return plots;
  }

  /** One series per combination of the other keys' values, joined in the order of this key. */
  private List<Series> series(SweepKeys keys, int key, ReportMetric gain, ReportMetric cost) {
    Map<List<Object>, List<Integer>> groups = new LinkedHashMap<>();
    for (int point = 0; point < batch.points().size(); point++) {
      groups
          .computeIfAbsent(keys.others(batch.points().get(point), key), k -> new ArrayList<>())
          .add(point);
    }
    List<Series> series = new ArrayList<>();
    groups.forEach(
        (others, points) -> {
          points.sort(keys.orderBy(key));
          List<CurvePoint> front = Frontier.pareto(marks(gain, cost).curve(batch, points));
          int knee = key >= 0 && batch.isOrdered(key) ? Frontier.knee(front) : NO_KNEE;
          series.add(new Series(keys.label(others, key), position, key, points, knee, List.of()));
        });
    return series;
  }

  private ParetoMarks marks(ReportMetric gain, ReportMetric cost) {
    return new ParetoMarks(at -> batch, cost, gain);
  }

  private List<String> available(List<ReportMetric> metrics) {
    return metrics.stream().filter(batch::has).map(ReportMetric::column).toList();
  }

  /** The metrics to choose among for the colour of a heat map, the default first. */
  private List<String> heatMetrics() {
    return Stream.concat(
            Stream.of(batch.throughput(), batch.latency()), Stream.of(ReportMetric.values()))
        .distinct()
        .filter(batch::has)
        .map(ReportMetric::column)
        .toList();
  }

  private static List<Integer> range(int size) {
    return IntStream.range(0, size).boxed().toList();
  }
}
