package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.RepeatedRows;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Reads the list entry of a batch. */
final class BatchEntryReader {

  private final BatchReader reader;
  private final BatchStore batches = new BatchStore(new DurableFiles());
  private final BatchReader tables = BatchReader.ofTables(batches, LateChecks.NONE);

  BatchEntryReader(BatchReader reader) {
    this.reader = reader;
  }

  /** The entry of the batch in this folder. */
  BatchEntry entry(Path folder) throws IOException {
    if (!ResultFolders.isBatch(folder)) {
      return foreign(reader.read(folder));
    }
    try {
      return own(folder, Json.read(folder.resolve(BatchFolder.RECORD), BatchRecord.class));
    } catch (IllegalArgumentException e) {
      throw new IOException(e);
    }
  }

  private BatchEntry own(Path folder, BatchRecord record) throws IOException {
    Optional<BatchSummary> summary = BatchSummary.read(folder.resolve(BatchFolder.SUMMARY));
    List<ResultRow> rows =
        ResultsCsv.read(folder.resolve(BatchFolder.RESULTS))
            .map(ResultsCsv.Table::rows)
            .orElse(List.of());
    Map<String, Integer> outcomes = new LinkedHashMap<>();
    for (Outcome outcome : Outcome.values()) {
      summary
          .map(s -> s.counters().of(outcome))
          .filter(count -> count > 0)
          .ifPresent(count -> outcomes.put(outcome.value(), count));
    }
    Provenance from = reader.provenance(folder);
    Optional<Best> best =
        best(rows, Metric.TOKENS_PER_SECOND, "tokens/s")
            .or(() -> best(rows, Metric.REQUEST_THROUGHPUT, "req/s"));
    Optional<BatchVerdict> compared = BatchVerdict.read(folder);
    return new BatchEntry(
        record.id(),
        folder.toString(),
        record.acceptedAt(),
        summary.flatMap(BatchSummary::finishedAt).map(String::valueOf).orElse(""),
        summary.map(BatchSummary::total).orElse(record.runs()),
        outcomes,
        from.model(),
        from.target(),
        record.labels(),
        best.map(Best::value).orElse(null),
        best.map(Best::unit).orElse(""),
        best.map(Best::point).orElse(""),
        summary.flatMap(SloText::brief).orElse(""),
        compared.map(each -> each.verdict().name()).orElse(""),
        compared.map(BatchVerdict::sentence).orElse(""),
        summary.flatMap(BatchSummary::finishedAt).isPresent() ? figures(folder) : Optional.empty());
  }

  /** The figures of a finished batch; empty if it cannot be read. */
  private Optional<BatchFigures> figures(Path folder) {
    try {
      Batch batch = batches.load(folder);
      return Optional.of(BatchFigures.of(tables.read(folder), WorkloadDigest.of(batch)));
    } catch (IOException e) {
      return Optional.empty(); // a config of another version
    }
  }

  private record Best(double value, String unit, String point) {}

  private static Optional<Best> best(List<ResultRow> rows, Metric metric, String unit) {
    List<ResultRow> succeeded =
        rows.stream().filter(row -> row.outcome() == Outcome.SUCCEEDED).toList();
    return best(
        RepeatedRows.of(succeeded),
        point -> mean(point, metric),
        point -> point.get(0).folder(),
        unit);
  }

  private static OptionalDouble mean(List<ResultRow> repeats, Metric metric) {
    return repeats.stream().flatMapToDouble(row -> row.metrics().get(metric).stream()).average();
  }

  private static <T> Optional<Best> best(
      List<T> runs, Function<T, OptionalDouble> metric, Function<T, String> folder, String unit) {
    return runs.stream()
        .filter(run -> metric.apply(run).isPresent())
        .max(Comparator.comparingDouble(run -> metric.apply(run).getAsDouble()))
        .map(run -> new Best(metric.apply(run).getAsDouble(), unit, folder.apply(run)));
  }

  private static BatchEntry foreign(BatchData batch) {
    Map<String, Integer> outcomes = new LinkedHashMap<>();
    batch.points().forEach(point -> outcomes.merge(point.state(), 1, Integer::sum));
    List<Point> succeeded = batch.points().stream().filter(Point::succeeded).toList();
    Optional<Best> best =
        best(succeeded, p -> p.metrics().get(ReportMetric.TOKENS), Point::folder, "tokens/s")
            .or(
                () ->
                    best(
                        succeeded,
                        p -> p.metrics().get(ReportMetric.REQUESTS_PER_SECOND),
                        Point::folder,
                        "req/s"));
    Provenance from = batch.provenance();
    return new BatchEntry(
        batch.id(),
        batch.folder().toString(),
        from.startedAt(),
        from.startedAt(),
        batch.total(),
        outcomes,
        from.model(),
        from.target(),
        from.labels(),
        best.map(Best::value).orElse(null),
        best.map(Best::unit).orElse(""),
        best.map(Best::point).orElse(""),
        "",
        "",
        "",
        Optional.empty());
  }
}
