package dev.caravan.observe.report;

import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ResultRow;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** The metric columns of a results table, in display order. */
enum TableColumns {
  REQUESTS("req/s", "", Metric.REQUEST_THROUGHPUT, 1),
  TTFT_AVG("TTFT", "avg ms", Metric.TTFT_AVG, 7),
  TTFT_P99("TTFT", "p99 ms", Metric.TTFT_P99, 3),
  ITL("ITL", "avg ms", Metric.ITL_AVG, 6),
  LATENCY_P50("latency", "p50 ms", Metric.LATENCY_P50, 8),
  LATENCY_P99("latency", "p99 ms", Metric.LATENCY_P99, 5),
  TOKENS("tokens/s", "", Metric.TOKENS_PER_SECOND, 4),
  COUNT("n", "", Metric.REQUESTS, 2),
  ERRORS("errors", "", Metric.ERRORS, 0);

  /** Stands before a percentile of too few requests. */
  static final String ROUGH = "~";

  private static final int MIN_DIGITS = 3;
  private static final int MAX_DIGITS = 5;

  private final String name;
  private final String unit;
  private final Metric metric;
  private final int rank;

  TableColumns(String name, String unit, Metric metric, int rank) {
    this.name = name;
    this.unit = unit;
    this.metric = metric;
    this.rank = rank;
  }

  /** The columns that have a value in at least one of these rows. */
  static List<TextColumn> columns(List<ResultRow> rows) {
    return Arrays.stream(values())
        .map(column -> column.text(rows))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<TextColumn> text(List<ResultRow> rows) {
    double[] values = rows.stream().map(this::value).flatMapToDouble(v -> v.stream()).toArray();
    if (values.length == 0) {
      return Optional.empty();
    }
    String format = "%,." + decimals(values) + "f";
    List<String> cells =
        rows.stream()
            .map(
                row -> {
                  OptionalDouble value = value(row);
                  return value.isEmpty()
                      ? ""
                      : (isRough(row) ? ROUGH : "")
                          + String.format(Locale.ROOT, format, value.getAsDouble());
                })
            .toList();
    return Optional.of(TextColumn.right(name, unit, cells, rank));
  }

  /** Whether too few requests were answered for this percentile. */
  private boolean isRough(ResultRow row) {
    OptionalDouble requests = row.metrics().get(Metric.REQUESTS);
    return requests.isPresent() && metric.isRough(requests.getAsDouble());
  }

  private OptionalDouble value(ResultRow row) {
    return row.outcome().isCompleted() ? row.metrics().get(metric) : OptionalDouble.empty();
  }

  /**
   * Decimals for all values of a column, so that they are easy to compare: the smallest keeps three
   * digits, unless the largest would then have more than five.
   */
  private int decimals(double[] values) {
    if (this == ERRORS || this == COUNT) {
      return 0;
    }
    double min = DoubleStream.of(values).filter(v -> v > 0).min().orElse(1);
    double max = DoubleStream.of(values).max().orElse(1);
    int wanted =
        Math.min(Rounding.MOST_DECIMALS, Math.max(0, MIN_DIGITS - Rounding.integerDigits(min)));
    return Math.min(wanted, Math.max(0, MAX_DIGITS - Rounding.integerDigits(Math.max(0, max))));
  }
}
