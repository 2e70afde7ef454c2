package dev.caravan.observe.report;

import dev.caravan.observe.report.ReportMetric.Better;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A report for a pull request: a line on where the figures come from, one table of at most twelve
 * rows and eight columns with the rest folded, at most 60,000 characters (GitHub takes 65,536).
 * Several batches stand side by side, one row a point, with their change from the first one.
 */
public final class MarkdownReport {

  /** Characters of a report at most. */
  public static final int MOST = 60_000;

  private static final int ROWS = 12;
  private static final int COLUMNS = 8;
  private static final String NEWLINE = "\n";

  private final ReportData data;
  private final List<ReportMetric> asked;

  /**
   * A report.
   *
   * @param asked the metrics to show; those that matter most when empty
   */
  public MarkdownReport(ReportData data, List<ReportMetric> asked) {
    this.data = data;
    this.asked = List.copyOf(asked);
  }

  /** The report's text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < data.batches().size(); at++) {
      BatchData batch = data.batches().get(at);
      String letter = data.batches().size() > 1 ? "**" + letter(at) + "** " : "";
      text.append(letter).append(provenance(batch)).append(NEWLINE).append(NEWLINE);
    }
    folded(text, data.batches().size() == 1 ? single(data.batches().get(0)) : sideBySide());
    return text.toString();
  }

  private static void folded(StringBuilder text, MarkdownTable table) {
    int shown = Math.min(ROWS, table.size());
    text.append(table.text(0, shown));
    int last = table.size();
    String more = table.text(shown, last);
    while (text.length() + more.length() + 200 > MOST) {
      last = shown + (last - shown) / 2;
      more = table.text(shown, last);
    }
    if (last > shown) {
      text.append("\n<details><summary>")
          .append(last - shown)
          .append(" more</summary>\n\n")
          .append(more)
          .append("\n</details>\n");
    }
    if (last < table.size()) {
      text.append(NEWLINE).append(table.size() - last).append(" rows are left out here.\n");
    }
  }

  private static String provenance(BatchData batch) {
    Provenance from = batch.provenance();
    String bad = ReportText.bad(batch);
    return Stream.of(
            "**" + MarkdownTable.escaped(batch.id()) + "**",
            ReportText.counts(batch) + (bad.isEmpty() ? "" : " (⚠ " + bad + ")"),
            MarkdownTable.escaped(from.model()),
            MarkdownTable.escaped(from.target()),
            from.aiperf().isEmpty() ? "" : "aiperf " + MarkdownTable.escaped(from.aiperf()),
            MarkdownTable.escaped(from.host()),
            MarkdownTable.escaped(from.startedAt()),
            labels(from),
            from.tokensBy().isEmpty()
                ? ""
                : (from.tokensTrusted() ? "" : "⚠ ")
                    + "tokens counted "
                    + MarkdownTable.escaped(from.tokensBy()))
        .filter(part -> !part.isEmpty())
        .reduce((a, b) -> a + " · " + b)
        .orElse("");
  }

  private static String labels(Provenance from) {
    return String.join(
        ", ",
        from.labels().entrySet().stream()
            .map(label -> MarkdownTable.escaped(label.getKey() + "=" + label.getValue()))
            .toList());
  }

  private MarkdownTable single(BatchData batch) {
    int names = Math.max(1, batch.keys().size());
    List<ReportMetric> metrics = metrics(List.of(batch), Math.max(1, COLUMNS - names));
    List<String> heads = new ArrayList<>(batch.keys().isEmpty() ? List.of("run") : batch.keys());
    metrics.forEach(metric -> heads.add(head(metric)));
    MarkdownTable table = new MarkdownTable(heads, names);
    for (Point point : batch.points()) {
      List<String> cells = new ArrayList<>(names(batch, point));
      cells.set(0, mark(point) + cells.get(0));
      if (point.completed()) {
        metrics.forEach(metric -> cells.add(figure(point.figures().get(metric))));
      }
      if (!point.completed()) {
        cells.add(why(point));
      } else if (point.degraded()) {
        cells.set(0, cells.get(0) + " (" + why(point) + ")");
      }
      table.row(cells);
    }
    return table;
  }

  private MarkdownTable sideBySide() {
    List<BatchData> batches = data.batches();
    Set<String> keys = new LinkedHashSet<>();
    batches.forEach(batch -> keys.addAll(batch.keys()));
    int names = Math.max(1, keys.size());
    int width = 2 * batches.size() - 1;
    List<ReportMetric> metrics = metrics(batches, Math.max(1, (COLUMNS - names) / width));
    List<String> heads = new ArrayList<>(keys.isEmpty() ? List.of("run") : List.copyOf(keys));
    for (ReportMetric metric : metrics) {
      for (int at = 0; at < batches.size(); at++) {
        heads.add(letter(at) + " " + head(metric));
        if (at > 0) {
          heads.add("Δ %");
        }
      }
    }
    MarkdownTable table = new MarkdownTable(heads, names);
    points(keys).forEach((name, points) -> table.row(cells(name, points, metrics)));
    return table;
  }

  private List<String> cells(List<Object> name, Point[] points, List<ReportMetric> metrics) {
    List<String> cells = new ArrayList<>(name.stream().map(String::valueOf).toList());
    if (cells.isEmpty()) {
      cells.add("—");
    }
    boolean odd = Stream.of(points).anyMatch(p -> p != null && !p.state().equals("succeeded"));
    cells.set(0, (odd ? "⚠ " : "") + cells.get(0));
    for (ReportMetric metric : metrics) {
      OptionalDouble first = of(points[0], metric);
      for (int at = 0; at < points.length; at++) {
        OptionalDouble value = of(points[at], metric);
        cells.add(value.isPresent() ? figure(value) : absent(points[at]));
        if (at > 0) {
          cells.add(change(first, value, metric));
        }
      }
    }
    return cells;
  }

  /** The points of all batches by their sweep values, in the order of the first that has them. */
  private Map<List<Object>, Point[]> points(Set<String> keys) {
    Map<List<Object>, Point[]> rows = new LinkedHashMap<>();
    for (int at = 0; at < data.batches().size(); at++) {
      BatchData batch = data.batches().get(at);
      for (Point point : batch.points()) {
        List<Object> name =
            keys.stream()
                .map(key -> batch.keys().indexOf(key))
                .map(key -> key < 0 ? "" : comparable(point.values().get(key)))
                .toList();
        rows.computeIfAbsent(name, k -> new Point[data.batches().size()])[at] = point;
      }
    }
    return rows;
  }

  /** So that 4 of one program is 4 of the other. */
  private static Object comparable(Object value) {
    return value instanceof Integer number ? (Object) Long.valueOf(number) : value;
  }

  private List<ReportMetric> metrics(List<BatchData> batches, int most) {
    if (!asked.isEmpty()) {
      return asked.subList(0, Math.min(most, asked.size()));
    }
    BatchData first = batches.get(0);
    boolean failures =
        first.points().stream().anyMatch(p -> p.figures().get(ReportMetric.ERRORS).orElse(0) > 0);
    return Stream.of(
            Optional.of(first.throughput()),
            Optional.of(first.latency()),
            failures ? Optional.of(ReportMetric.ERRORS) : Optional.<ReportMetric>empty(),
            Optional.of(ReportMetric.REQUESTS_PER_SECOND),
            Optional.of(ReportMetric.TTFT_P50),
            Optional.of(ReportMetric.ITL_P99),
            Optional.of(ReportMetric.LATENCY_P99),
            Optional.of(ReportMetric.TOKENS_PER_USER),
            Optional.of(ReportMetric.GOODPUT))
        .flatMap(Optional::stream)
        .distinct()
        .filter(metric -> batches.stream().anyMatch(batch -> batch.has(metric)))
        .limit(most)
        .toList();
  }

  private static List<String> names(BatchData batch, Point point) {
    return batch.keys().isEmpty()
        ? List.of(point.state())
        : IntStream.range(0, batch.keys().size())
            .mapToObj(key -> String.valueOf(point.values().get(key)))
            .toList();
  }

  private static String mark(Point point) {
    return point.open() || point.state().equals("succeeded") ? "" : "⚠ ";
  }

  private static String why(Point point) {
    String message = point.reason().isEmpty() ? point.cause().replace('_', ' ') : point.reason();
    String state = point.state().equals(Point.PENDING) ? "still to come" : point.state();
    return message.isEmpty() ? state : state + ": " + message;
  }

  private static String absent(Point point) {
    return point == null ? "—" : point.completed() ? "" : point.state().replace('_', ' ');
  }

  private static OptionalDouble of(Point point, ReportMetric metric) {
    return point != null && point.completed()
        ? point.figures().get(metric)
        : OptionalDouble.empty();
  }

  private static String head(ReportMetric metric) {
    boolean said = metric.unit().isEmpty() || metric.label().contains("/s");
    return metric.label() + (said ? "" : " (" + metric.unit() + ")");
  }

  private static String letter(int at) {
    return at < 26 ? String.valueOf((char) ('A' + at)) : "#" + (at + 1);
  }

  private static String figure(OptionalDouble value) {
    return value.isPresent() ? Rounding.of(value.getAsDouble()) : "";
  }

  private static String change(OptionalDouble from, OptionalDouble to, ReportMetric metric) {
    if (from.isEmpty() || to.isEmpty() || from.getAsDouble() == 0) {
      return "";
    }
    double percent = 100 * (to.getAsDouble() / from.getAsDouble() - 1);
    boolean better = metric.better() == Better.MORE ? percent > 0 : percent < 0;
    String arrow = metric.better() == Better.NEITHER || percent == 0 ? "" : better ? " ✓" : " ✗";
    return String.format(Locale.ROOT, "%+.1f", percent) + (Math.abs(percent) < 1 ? "" : arrow);
  }
}
