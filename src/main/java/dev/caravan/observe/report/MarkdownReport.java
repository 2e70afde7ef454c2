package dev.caravan.observe.report;

import dev.caravan.config.text.DisplayText;
import dev.caravan.pipeline.outcome.HookRecord;
import dev.caravan.pipeline.outcome.checks.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A Markdown report for a pull request: a line on where the metrics come from, and a table of at
 * most twelve rows and eight columns with further rows folded. It has at most 60,000 characters
 * (GitHub's limit is 65,536). Of several batches, the comparisons with the first one appear instead
 * of the table; of one with variants, below it.
 */
public final class MarkdownReport {

  /** Maximum number of characters of a report. */
  public static final int MAX_LENGTH = 60_000;

  private static final int ROWS = 12;
  private static final int COLUMNS = 8;

  /** Characters that are left for the comparison of variants. */
  private static final int COMPARISONS = 20_000;

  private static final int MAX_SENTENCE = 1_000;
  private static final String NEWLINE = "\n";

  private final ReportData data;
  private final List<ReportMetric> requested;

  /**
   * A report.
   *
   * @param requested the metrics to show; when empty, the most important ones
   */
  public MarkdownReport(ReportData data, List<ReportMetric> requested) {
    this.data = data;
    this.requested = List.copyOf(requested);
  }

  /** The report's text. */
  public String text() {
    StringBuilder text = new StringBuilder();
    if (data.batches().size() == 1) {
      BatchVerdict.read(data.batches().get(0).folder())
          .ifPresent(
              verdict ->
                  text.append(
                      "**" + MarkdownTable.escaped(verdict.sentence(), MAX_SENTENCE) + "**\n\n"));
    }
    for (int at = 0; at < data.batches().size(); at++) {
      BatchData batch = data.batches().get(at);
      String letter = data.batches().size() > 1 ? "**" + letter(at) + "** " : "";
      text.append(letter).append(provenance(batch)).append(NEWLINE).append(NEWLINE);
      text.append(MarkdownFindings.text(batch)).append(MarkdownSlo.text(batch));
    }
    if (data.batches().size() == 1) {
      int left = data.comparisons().isEmpty() ? 0 : COMPARISONS;
      BatchData batch = data.batches().get(0);
      String notShown = notShown(batch);
      single(batch).appendTo(text, ROWS, MAX_LENGTH - left - notShown.length());
      text.append(notShown);
    }
    if (!data.comparisons().isEmpty()) {
      String comparisons =
          ComparisonMarkdown.text(data.comparisons(), MAX_LENGTH - text.length() - 1);
      text.append(NEWLINE).append(comparisons);
    }
    return text.toString();
  }

  private static String provenance(BatchData batch) {
    Provenance from = batch.provenance();
    String problems = ReportText.problems(batch);
    String hooks = String.join("; ", HookRecord.ofBatch(batch.folder()).failures());
    return Stream.of(
            "**" + MarkdownTable.escaped(batch.id()) + "**",
            ReportText.progress(batch) + (problems.isEmpty() ? "" : " (⚠ " + problems + ")"),
            hooks.isEmpty() ? "" : "⚠ " + MarkdownTable.escaped(hooks),
            MarkdownTable.escaped(from.model()),
            MarkdownTable.escaped(from.target()),
            from.aiperf().isEmpty() ? "" : "aiperf " + MarkdownTable.escaped(from.aiperf()),
            MarkdownTable.escaped(from.host()),
            MarkdownTable.escaped(from.startedAt()),
            labels(from),
            overrides(from),
            from.tokenCount().isEmpty()
                ? ""
                : (from.tokenCountTrusted() ? "" : "⚠ ")
                    + "token counts: "
                    + MarkdownTable.escaped(from.tokenCount()))
        .filter(part -> !part.isEmpty())
        .reduce((a, b) -> a + " · " + b)
        .orElse("");
  }

  private static String overrides(Provenance from) {
    return MarkdownTable.escaped(
        DisplayText.unquoted(String.join(", ", from.overrides().options())));
  }

  private static String labels(Provenance from) {
    return String.join(
        ", ",
        from.labels().entrySet().stream()
            .map(label -> MarkdownTable.escaped(label.getKey() + "=" + label.getValue()))
            .toList());
  }

  private static int nameColumns(BatchData batch) {
    return Math.max(1, batch.keys().size());
  }

  private static int metricColumns(BatchData batch) {
    return Math.max(1, COLUMNS - nameColumns(batch) - (batch.slo().isEmpty() ? 0 : 1));
  }

  /** The requested metrics that the table has no column for, as a line; empty without any. */
  private String notShown(BatchData batch) {
    String labels =
        requested.stream()
            .skip(metricColumns(batch))
            .map(ReportMetric::label)
            .collect(Collectors.joining(", "));
    return labels.isEmpty()
        ? ""
        : "\nNot shown, because a table has at most " + COLUMNS + " columns: " + labels + NEWLINE;
  }

  private MarkdownTable single(BatchData batch) {
    int nameColumns = nameColumns(batch);
    boolean hasSlo = !batch.slo().isEmpty();
    List<ReportMetric> metrics = metrics(List.of(batch), metricColumns(batch));
    List<String> headers = new ArrayList<>(batch.keys().isEmpty() ? List.of("run") : batch.keys());
    metrics.forEach(metric -> headers.add(header(metric)));
    if (hasSlo) {
      headers.add("SLO");
    }
    MarkdownTable table = new MarkdownTable(headers, nameColumns);
    for (Point point : batch.points()) {
      List<String> cells = new ArrayList<>(names(batch, point));
      cells.set(0, mark(point) + cells.get(0));
      if (point.completed()) {
        metrics.forEach(metric -> cells.add(text(point, metric)));
        if (hasSlo) {
          cells.add(MarkdownSlo.cell(batch, point));
        }
      }
      if (!point.completed()) {
        cells.add(outcome(point));
      } else if (point.degraded()) {
        cells.set(0, cells.get(0) + " (" + outcome(point) + ")");
      } else if (!point.alarms().isEmpty()) {
        cells.set(0, cells.get(0) + " (" + ids(point) + ")");
      }
      table.row(cells);
    }
    return table;
  }

  private List<ReportMetric> metrics(List<BatchData> batches, int max) {
    if (!requested.isEmpty()) {
      return requested.subList(0, Math.min(max, requested.size()));
    }
    BatchData first = batches.get(0);
    boolean failures =
        first.points().stream().anyMatch(p -> p.metrics().get(ReportMetric.ERRORS).orElse(0) > 0);
    return Stream.of(
            Optional.of(first.throughput()),
            Optional.of(first.latency()),
            failures ? Optional.of(ReportMetric.ERRORS) : Optional.<ReportMetric>empty(),
            Optional.of(ReportMetric.REQUESTS),
            Optional.of(ReportMetric.REQUESTS_PER_SECOND),
            Optional.of(ReportMetric.TTFT_P50),
            Optional.of(ReportMetric.ITL_P99),
            Optional.of(ReportMetric.LATENCY_P99),
            Optional.of(ReportMetric.TOKENS_PER_USER),
            Optional.of(ReportMetric.GOODPUT))
        .flatMap(Optional::stream)
        .distinct()
        .filter(metric -> batches.stream().anyMatch(batch -> batch.has(metric)))
        .limit(max)
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
    return point.open() || !isSuspect(point) ? "" : "⚠ ";
  }

  private static boolean isSuspect(Point point) {
    return !point.succeeded() || !point.alarms().isEmpty();
  }

  private static String ids(Point point) {
    return point.alarms().stream().map(Finding::id).collect(Collectors.joining(", "));
  }

  private static String outcome(Point point) {
    String message = point.reason().isEmpty() ? point.cause().replace('_', ' ') : point.reason();
    return message.isEmpty() ? point.state() : point.state() + ": " + message;
  }

  private static String header(ReportMetric metric) {
    boolean labelHasUnit = metric.unit().isEmpty() || metric.label().contains("/s");
    return metric.label() + (labelHasUnit ? "" : " (" + metric.unit() + ")");
  }

  private static String letter(int at) {
    return at < 26 ? String.valueOf((char) ('A' + at)) : "#" + (at + 1);
  }

  /** The value with its interval; a percentile of too few requests gets a tilde. */
  private static String text(Point point, ReportMetric metric) {
    OptionalDouble value = point.metrics().get(metric);
    if (value.isEmpty()) {
      return "";
    }
    List<String> interval = point.interval(metric).stream().map(Rounding::of).toList();
    return (point.isRough(metric) ? TableColumns.ROUGH : "")
        + Rounding.of(value.getAsDouble())
        + (interval.size() == 2 ? " [" + String.join(", ", interval) + "]" : "");
  }
}
