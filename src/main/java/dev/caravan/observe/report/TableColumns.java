package dev.caravan.observe.report;

import dev.caravan.model.Outcome;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ResultRow;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/** The columns of figures in a table for people, in the order they stand in. */
enum TableColumns {
  REQUESTS("req/s", "", Metric.REQUEST_THROUGHPUT, 1),
  TTFT_AVG("TTFT", "avg ms", Metric.TTFT_AVG, 6),
  TTFT_P99("TTFT", "p99 ms", Metric.TTFT_P99, 2),
  ITL("ITL", "avg ms", Metric.ITL_AVG, 5),
  LATENCY_P50("latency", "p50 ms", Metric.LATENCY_P50, 7),
  LATENCY_P99("latency", "p99 ms", Metric.LATENCY_P99, 3),
  TOKENS("tokens/s", "", Metric.TOKENS_PER_SECOND, 4),
  ERRORS("errors", "", Metric.ERRORS, 0);

  /** For a column that says nothing: it goes before any other. */
  private static final int FIRST_TO_GO = 9;

  private static final int DIGITS = 3;
  private static final int WIDEST = 5;

  private final String name;
  private final String unit;
  private final Metric measure;
  private final int rank;

  TableColumns(String name, String unit, Metric measure, int rank) {
    this.name = name;
    this.unit = unit;
    this.measure = measure;
    this.rank = rank;
  }

  /** All columns that have a figure in one of these rows at least. */
  static List<TextColumn> columns(List<ResultRow> rows) {
    return Arrays.stream(values())
        .map(figure -> figure.column(rows))
        .flatMap(Optional::stream)
        .toList();
  }

  private Optional<TextColumn> column(List<ResultRow> rows) {
    double[] shown = rows.stream().map(this::value).flatMapToDouble(v -> v.stream()).toArray();
    if (shown.length == 0) {
      return Optional.empty();
    }
    String format = "%,." + decimals(shown) + "f";
    List<String> cells =
        rows.stream()
            .map(this::value)
            .map(v -> v.isPresent() ? String.format(Locale.ROOT, format, v.getAsDouble()) : "")
            .toList();
    boolean nothing = this == ERRORS && DoubleStream.of(shown).allMatch(v -> v == 0);
    return Optional.of(TextColumn.right(name, unit, cells, nothing ? FIRST_TO_GO : rank));
  }

  private OptionalDouble value(ResultRow row) {
    return row.outcome().counts() == Outcome.Counts.COMPLETED
        ? row.metrics().get(measure)
        : OptionalDouble.empty();
  }

  /**
   * Decimals for a column: the smallest figure keeps three digits, unless the largest would take
   * more than five; so figures of a column can be compared by eye.
   */
  private int decimals(double[] values) {
    if (this == ERRORS) {
      return 0;
    }
    double least = DoubleStream.of(values).filter(v -> v > 0).min().orElse(1);
    double most = DoubleStream.of(values).max().orElse(1);
    int wanted = Math.max(0, DIGITS - integerDigits(least));
    return Math.min(wanted, Math.max(0, WIDEST - integerDigits(most)));
  }

  private static int integerDigits(double value) {
    return value < 1 ? 0 : (int) Math.floor(Math.log10(value)) + 1;
  }
}
