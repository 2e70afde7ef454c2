package dev.caravan.observe.compare;

import dev.caravan.analysis.Noise;
import dev.caravan.observe.compare.Trend.Line;
import dev.caravan.observe.compare.Trend.Value;
import dev.caravan.observe.compare.TrendPlot.Band;
import dev.caravan.observe.compare.TrendPlot.Break;
import dev.caravan.observe.compare.TrendPlot.Mark;
import dev.caravan.observe.compare.TrendPlot.Tick;
import dev.caravan.observe.compare.TrendStretch.Spread;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.Rounding;
import dev.caravan.pipeline.outcome.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Places the batches of a name in a plot of one metric. */
final class TrendPlotter {

  /** Narrow enough for a telephone; a page stretches it. */
  private static final int LEAST_WIDTH = 310;

  private static final int LEFT = 56;
  private static final int RIGHT = 12;
  private static final int TOP = 34;
  private static final int HEIGHT = 180;
  private static final int LABELS = 130;

  /** The least distance at which labels do not touch. */
  private static final int STEP = 20;

  private static final int TICKS = 5;
  private static final double WIDEST = 2;
  private static final double MARGIN = 0.06;
  private static final int MAX_CELL = 60;
  private static final int MAX_VERSION = 14;
  private static final int MAX_CHANGE = 30;
  private static final int MAX_TIP = 200;
  private static final int MAX_COMMIT = 8;
  private static final int MINUTES = 16;

  private final List<Line> lines;
  private final int metric;
  private final List<TrendStretch> stretches;
  private final int width;
  private final double lowest;
  private final double highest;

  /**
   * A plotter of two or more batches.
   *
   * @param metric position of the metric
   */
  TrendPlotter(List<Line> lines, int metric) {
    this.lines = List.copyOf(lines);
    this.metric = metric;
    this.stretches = TrendStretch.of(this.lines);
    this.width = Math.max(LEAST_WIDTH, LEFT + STEP * lines.size() + RIGHT);
    double low = ends().min().orElse(0);
    double high = ends().max().orElse(0);
    double margin = high > low ? MARGIN * (high - low) : Math.max(Math.abs(high), 1) * MARGIN;
    this.lowest = low - margin;
    this.highest = high + margin;
  }

  /**
   * All values that must be in the picture. An interval that reaches beyond half or twice of all
   * means, as two rounds that differ have, is cut: it would leave a flat line of the others.
   */
  private DoubleStream ends() {
    List<Value> values = lines.stream().map(line -> line.values().get(metric)).toList();
    double least = values.stream().mapToDouble(Value::mean).min().orElse(0) / WIDEST;
    double most = values.stream().mapToDouble(Value::mean).max().orElse(0) * WIDEST;
    DoubleStream marks =
        values.stream()
            .flatMapToDouble(
                value ->
                    DoubleStream.of(
                        value.mean(),
                        Math.max(least, value.low().orElse(value.mean())),
                        Math.min(most, value.high().orElse(value.mean()))));
    DoubleStream bands =
        stretches.stream()
            .flatMap(stretch -> stretch.spread(metric).stream())
            .flatMapToDouble(spread -> DoubleStream.of(spread.low(), spread.high()));
    return DoubleStream.concat(marks, bands).filter(Double::isFinite);
  }

  /** The plot of the metric of this column. */
  TrendPlot plot(String column) {
    String title = ReportMetric.of(column).map(TrendPlotter::title).orElse(column);
    return new TrendPlot(
        title,
        summary(title),
        note(),
        width,
        TOP + HEIGHT + LABELS,
        LEFT,
        width - RIGHT,
        TOP,
        TOP + HEIGHT,
        ticks(),
        stretches.stream()
            .flatMap(each -> each.spread(metric).map(spread -> band(each, spread)).stream())
            .toList(),
        stretches.stream().map(this::polyline).toList(),
        breaks(),
        IntStream.range(0, lines.size()).mapToObj(this::mark).toList());
  }

  private static String title(ReportMetric metric) {
    // Rates have their unit in their name.
    return metric.unit().isEmpty() || metric.label().contains("/s")
        ? metric.label()
        : metric.label() + " (" + metric.unit() + ")";
  }

  private String summary(String title) {
    return title
        + " of "
        + lines.size()
        + " batches, from "
        + value(lines.get(0))
        + " to "
        + value(lines.get(lines.size() - 1));
  }

  private String note() {
    String bands =
        stretches.stream()
            .flatMap(each -> each.spread(metric).map(spread -> words(each, spread)).stream())
            .collect(Collectors.joining("; "));
    return bands.isEmpty()
        ? "No band: it needs " + Noise.FEWEST_BATCHES + " comparable batches without FAIL."
        : "Band: " + bands + ".";
  }

  private static String words(TrendStretch stretch, Spread spread) {
    return Rounding.of(spread.mean())
        + String.format(Locale.ROOT, " ± 2 × %.1f %%", 100 * spread.deviation())
        + " over "
        + spread.batches()
        + " batches with aiperf "
        + version(stretch.aiperf());
  }

  private static String version(String aiperf) {
    return aiperf.isEmpty() ? "unknown" : OneLine.line(aiperf, MAX_VERSION);
  }

  /** Steps of 1, 2 or 5 times a power of ten. */
  private List<Tick> ticks() {
    double rough = (highest - lowest) / TICKS;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double share = rough / power;
    double step = power * (share > 5 ? 10 : share > 2 ? 5 : share > 1 ? 2 : 1);
    int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    List<Tick> ticks = new ArrayList<>();
    double first = Math.ceil(lowest / step);
    for (int at = 0; (first + at) * step <= highest && at <= 2 * TICKS; at++) {
      double value = (first + at) * step;
      ticks.add(new Tick(y(value), String.format(Locale.ROOT, "%,." + decimals + "f", value)));
    }
    return ticks;
  }

  private Band band(TrendStretch stretch, Spread spread) {
    double from = place(stretch.from() - 0.5);
    double end = place(stretch.end() - 0.5);
    double top = height(spread.high());
    return new Band(
        number(from),
        number(end),
        number(top),
        number(end - from),
        number(height(spread.low()) - top),
        y(spread.mean()));
  }

  private String polyline(TrendStretch stretch) {
    return IntStream.range(stretch.from(), stretch.end())
        .mapToObj(at -> x(at) + "," + y(lines.get(at).values().get(metric).mean()))
        .collect(Collectors.joining(" "));
  }

  private List<Break> breaks() {
    List<Break> breaks = new ArrayList<>();
    for (TrendStretch stretch : stretches.subList(1, stretches.size())) {
      double place = place(stretch.from() - 0.5);
      breaks.add(
          new Break(
              number(place),
              // In turn on two rows, so that close ones do not overlap.
              breaks.size() % 2 == 0 ? TOP - 4 : TOP - 18,
              place < width / 2.0 ? "start" : "end",
              OneLine.line(stretch.lines().get(0).changed(), MAX_CHANGE)));
    }
    return breaks;
  }

  private Mark mark(int at) {
    Line line = lines.get(at);
    Value value = line.values().get(metric);
    double x = place(at);
    double y = height(value.mean());
    return new Mark(
        number(x),
        number(y),
        value.low().isPresent(),
        y(value.low().orElse(value.mean())),
        y(value.high().orElse(value.mean())),
        TrendStretch.failed(line),
        Stream.of(new double[] {x, y - 7}, new double[] {x + 6, y + 5}, new double[] {x - 6, y + 5})
            .map(corner -> number(corner[0]) + "," + number(corner[1]))
            .collect(Collectors.joining(" ")),
        tip(line),
        (minutes(line) + " " + OneLine.line(line.commit(), MAX_COMMIT)).strip());
  }

  private static String minutes(Line line) {
    String time = OneLine.line(line.time(), MAX_CELL).replace('T', ' ');
    return time.substring(0, Math.min(MINUTES, time.length()));
  }

  private String tip(Line line) {
    return Stream.of(
            OneLine.line(line.batch(), MAX_CELL),
            minutes(line),
            line.commit().isEmpty() ? "" : "commit " + OneLine.line(line.commit(), MAX_CELL),
            "aiperf " + version(line.aiperf()),
            line.breaks() ? "changed: " + OneLine.line(line.changed(), MAX_TIP) : "",
            value(line),
            line.verdict(),
            line.slo().isEmpty() ? "" : "slo " + line.slo(),
            line.runs() == 1 ? "1 run" : line.runs() + " runs")
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" · "));
  }

  private String value(Line line) {
    Value value = line.values().get(metric);
    return value.low().isEmpty()
        ? Rounding.of(value.mean())
        : Rounding.of(value.mean())
            + " ["
            + Rounding.of(value.low().getAsDouble())
            + ", "
            + Rounding.of(value.high().orElseThrow())
            + "]";
  }

  private double place(double at) {
    return LEFT + (at + 0.5) * (width - LEFT - RIGHT) / lines.size();
  }

  private double height(double value) {
    double share = (value - lowest) / (highest - lowest);
    return TOP + HEIGHT * (1 - Math.max(0, Math.min(1, share)));
  }

  private String x(double at) {
    return number(place(at));
  }

  private String y(double value) {
    return number(height(value));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
