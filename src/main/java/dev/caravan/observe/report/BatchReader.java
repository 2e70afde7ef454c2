package dev.caravan.observe.report;

import dev.caravan.config.Parameters;
import dev.caravan.config.QuerySecrets;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Control;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.Metrics;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.outcome.SearchReading;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.CheckRules;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.JsonTimes;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads a batch for a report: one of Caravan's, or a similar tree of another program. */
public final class BatchReader {

  /** Larger batches are read from results.csv instead of their run folders. */
  private static final int MAX_FOLDERS = 3_000;

  /** Number of pending runs shown. */
  private static final int MAX_PENDING = 1_000;

  private static final int MAX_CONFIG_BYTES = 100_000;

  private final BatchStore batches;
  private final LateChecks lateChecks;
  private final boolean prefersTables;

  private BatchReader(BatchStore batches, LateChecks lateChecks, boolean prefersTables) {
    this.batches = batches;
    this.lateChecks = lateChecks;
    this.prefersTables = prefersTables;
  }

  /** A reader that loads batches through this store. */
  public BatchReader(BatchStore batches) {
    this(batches, LateChecks.NONE, false);
  }

  /** A reader with its own store. */
  public BatchReader() {
    this(new BatchStore(new DurableFiles()));
  }

  /** A reader that also checks runs that were recorded without checks. */
  public BatchReader(LateChecks lateChecks) {
    this(new BatchStore(new DurableFiles()), lateChecks, false);
  }

  /**
   * A reader that reads batches that have finished from {@code results.csv} alone, which lacks some
   * metrics and what findings mean.
   */
  public static BatchReader ofTables(BatchStore batches, LateChecks lateChecks) {
    return new BatchReader(batches, lateChecks, true);
  }

  /**
   * The batch in this folder.
   *
   * @throws IOException when the folder holds no run
   */
  public BatchData read(Path folder) throws IOException {
    if (ResultFolders.isBatch(folder)) {
      try {
        return own(batches.load(folder));
      } catch (IOException | IllegalArgumentException e) {
        return ForeignTree.read(
            folder, lateChecks); // a config of another version, but readable runs
      }
    }
    return ForeignTree.read(folder, lateChecks);
  }

  /** Where the metrics of the Caravan batch in this folder come from. */
  Provenance provenance(Path folder) throws IOException {
    try {
      return provenance(batches.load(folder), Optional.empty());
    } catch (IOException e) {
      return ForeignTree.read(folder, LateChecks.NONE).provenance(); // a config of another version
    }
  }

  private BatchData own(Batch batch) throws IOException {
    Optional<BatchSummary> summary = BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY));
    Optional<OffsetDateTime> finished = summary.flatMap(BatchSummary::finishedAt);
    Optional<SearchReading> search =
        summary.isPresent()
            ? Optional.empty()
            : SearchFromRuns.read(batch, run -> Files.isDirectory(run.folder()));
    return new BatchData(
        batch.id(),
        batch.folder(),
        finished.isPresent(),
        provenance(batch, finished),
        RunColumns.keys(batch),
        batch.config().evaluation().slo(),
        summary.flatMap(BatchSummary::search).or(() -> search.map(SearchReading::summary)),
        summary
            .map(BatchSummary::total)
            .or(() -> search.map(SearchReading::most))
            .orElse(batch.size()),
        isReadFromTable(batch, finished.isPresent()) ? fromResultsCsv(batch) : fromFolders(batch));
  }

  private boolean isReadFromTable(Batch batch, boolean finished) {
    return batch.size() > MAX_FOLDERS
        || prefersTables
            && finished
            && RegularFiles.exists(batch.folder().resolve(BatchFolder.RESULTS));
  }

  private List<Point> fromFolders(Batch batch) throws IOException {
    RunReader reader = new RunReader(lateChecks);
    CheckRules rules = CheckRules.of(batch.config().checks());
    Set<String> folders =
        new DurableFiles()
            .list(batch.folder()).stream()
                .map(entry -> entry.getFileName().toString())
                .collect(Collectors.toSet());
    Control control = control(batch);
    List<Run> shown = new ArrayList<>();
    int pending = 0;
    for (int index : batch.indexes().toArray()) {
      Run run = batch.run(index);
      if (hasFolder(run, folders) || pending++ < maxPending(batch)) {
        shown.add(run);
      }
    }
    return shown.parallelStream()
        .map(run -> hasFolder(run, folders) ? point(run, reader, rules) : notStarted(run, control))
        .toList();
  }

  /** A search makes only few of the runs that it could. */
  private static int maxPending(Batch batch) {
    return batch.search().isPresent() ? 0 : MAX_PENDING;
  }

  /** What the runs of a batch were to do; nothing where nothing says so. */
  BatchSettings settings(BatchData data) {
    if (data.points().size() > BatchSettings.MAX_RUNS) {
      return BatchSettings.NONE;
    }
    Optional<Batch> own =
        ResultFolders.isBatch(data.folder()) ? batches.find(data.folder()) : Optional.empty();
    return BatchSettings.of(
        data.points().stream()
            .map(
                point ->
                    own.map(batch -> batch.run(point.index()).parameters())
                        .or(() -> ForeignTree.parameters(data.folder().resolve(point.folder())))
                        .map(Parameters::values)
                        .orElse(Map.of()))
            .toList());
  }

  private static boolean hasFolder(Run run, Set<String> folders) {
    return run.folderName().isEmpty() || folders.contains(run.folderName());
  }

  private static Point point(Run run, RunReader reader, CheckRules rules) {
    return reader.point(
        new RunReader.Identity(
            run.index(), run.folderName(), run.place(), RunColumns.values(run), run.labels()),
        run.folder(),
        new LateChecks.Asked(Optional.of(run.parameters()), rules));
  }

  /** Lacks the metrics that results.csv has no column for. */
  private static List<Point> fromResultsCsv(Batch batch) throws IOException {
    Control control = control(batch);
    Map<Integer, ResultRow> rows = new HashMap<>();
    ResultsCsv.read(batch.folder().resolve(BatchFolder.RESULTS))
        .ifPresent(sheet -> sheet.rows().forEach(row -> rows.put(row.runIndex(), row)));
    List<Point> points = new ArrayList<>();
    int pending = 0;
    for (int index : batch.indexes().toArray()) {
      ResultRow row = rows.get(index);
      if (row != null) {
        points.add(point(batch.run(index), row));
      } else if (pending++ < maxPending(batch)) {
        points.add(notStarted(batch.run(index), control));
      }
    }
    return points;
  }

  private static Point point(Run run, ResultRow row) {
    return new Point(
        run.index(),
        row.folder(),
        row.place(),
        RunColumns.values(run),
        row.outcome().value(),
        row.cause(),
        row.reason(),
        row.attempt(),
        row.startedAt(),
        row.checkResults(),
        new Metrics<>(
            ReportMetric.class,
            metric ->
                metric == ReportMetric.TOKENS_PER_GPU
                    ? PerGpu.of(run.labels(), row.metrics().get(Metric.TOKENS_PER_SECOND))
                    : metric.csvMetric().map(row.metrics()::get).orElse(OptionalDouble.empty())));
  }

  private static Control control(Batch batch) throws IOException {
    return new ControlStore(new DurableFiles()).of(batch);
  }

  /** A run that is still to start, or, once it is cancelled, never will unless it is retried. */
  private static Point notStarted(Run run, Control control) {
    Optional<Control.Order> cancelled = control.cancellationOf(run.index());
    return new Point(
        run.index(),
        run.folderName(),
        run.place(),
        RunColumns.values(run),
        cancelled.isPresent() ? Outcome.CANCELLED.value() : Point.PENDING,
        "",
        cancelled.map(order -> "not started: " + order.message()).orElse(""),
        0,
        "",
        CheckResults.NONE,
        ReportMetric.NONE);
  }

  private static Provenance provenance(Batch batch, Optional<OffsetDateTime> finished)
      throws IOException {
    BatchRecord record = batch.record();
    Parameters first = batch.firstRun().parameters();
    TokenCount tokens = TokenCount.of(first);
    return new Provenance(
        Provenance.targets(batch),
        Provenance.models(batch),
        String.valueOf(first.values().getOrDefault("endpoint_type", "")),
        Provenance.values(batch, "tokenizer", p -> p.tokenizer().orElse("")),
        tokens.message(),
        tokens.trusted(),
        Optional.ofNullable(record.versions().aiperf()).orElse(""),
        record.versions().caravan(),
        record.host(),
        record.acceptedAt(),
        finished.map(JsonTimes::text).orElse(""),
        record.labels(),
        record.sourceFile(),
        QuerySecrets.masked(config(batch.folder())),
        record.overrides());
  }

  private static String config(Path folder) throws IOException {
    byte[] bytes = RegularFiles.read(folder.resolve(BatchFolder.CONFIG));
    int length = Math.min(MAX_CONFIG_BYTES, bytes.length);
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  /** Positions of the batch's runs that have started. */
  static List<Integer> started(BatchData batch) {
    return IntStream.range(0, batch.points().size())
        .filter(point -> !batch.points().get(point).state().equals(Point.PENDING))
        .boxed()
        .toList();
  }
}
