package dev.caravan.observe.report;

import dev.caravan.config.Parameters;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Run;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultWriter;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.pipeline.target.Target;
import dev.caravan.storage.DurableFiles;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads a batch of Caravan, or of whatever left a tree like it, for a report. */
public final class BatchReader {

  /** Of more runs only results.csv is read, not each folder. */
  private static final int MOST_FOLDERS = 3_000;

  /** Of runs still to come so many are shown. */
  private static final int MOST_PENDING = 1_000;

  private static final int MOST_CONFIG = 100_000;

  private final BatchStore batches;

  /** A reader that takes batches from here. */
  public BatchReader(BatchStore batches) {
    this.batches = batches;
  }

  /** A reader of its own. */
  public BatchReader() {
    this(new BatchStore(new DurableFiles()));
  }

  /**
   * The batch in this folder.
   *
   * @throws IOException when nothing that was run lies there
   */
  public BatchData read(Path folder) throws IOException {
    if (TreeFolderKind.isBatch(folder)) {
      try {
        return own(batches.load(folder));
      } catch (IOException | IllegalArgumentException e) {
        return ForeignTree.read(folder); // a config of another version: its runs still tell
      }
    }
    return ForeignTree.read(folder);
  }

  /** Where the figures of the batch of Caravan in this folder come from. */
  Provenance provenance(Path folder) throws IOException {
    try {
      return provenance(batches.load(folder), Optional.empty());
    } catch (IOException e) {
      return ForeignTree.read(folder).provenance(); // a config of another version
    }
  }

  private BatchData own(Batch batch) throws IOException {
    Optional<BatchSummary> summary =
        BatchSummary.read(batch.folder().resolve(ResultWriter.SUMMARY));
    Optional<OffsetDateTime> finished = summary.flatMap(BatchSummary::finishedAt);
    return new BatchData(
        batch.id(),
        batch.folder(),
        finished.isPresent(),
        provenance(batch, finished),
        List.copyOf(batch.config().sweeps().keySet()),
        batch.size(),
        batch.size() > MOST_FOLDERS ? fromTable(batch) : fromFolders(batch));
  }

  private List<Point> fromFolders(Batch batch) throws IOException {
    RunReader reader = new RunReader(batch.record().labels());
    Set<String> begun =
        new DurableFiles()
            .list(batch.folder()).stream()
                .map(entry -> entry.getFileName().toString())
                .collect(Collectors.toSet());
    List<Run> shown = new ArrayList<>();
    int pending = 0;
    for (int index = 0; index < batch.size(); index++) {
      Run run = batch.run(index);
      if (begun(run, begun) || pending++ < MOST_PENDING) {
        shown.add(run);
      }
    }
    return shown.parallelStream()
        .map(run -> begun(run, begun) ? point(run, reader) : pending(run))
        .toList();
  }

  private static boolean begun(Run run, Set<String> folders) {
    return run.folderName().isEmpty() || folders.contains(run.folderName());
  }

  private static Point point(Run run, RunReader reader) {
    return reader.point(
        run.index(),
        run.folderName(),
        List.copyOf(run.sweepValues().values()),
        run.folder(),
        asked(run.parameters()));
  }

  /** From the table alone, which lacks reasons and what it has no columns for. */
  private static List<Point> fromTable(Batch batch) {
    Map<Integer, ResultRow> rows = new HashMap<>();
    ResultsCsv.read(batch.folder().resolve(ResultWriter.RESULTS))
        .ifPresent(sheet -> sheet.rows().forEach(row -> rows.put(row.runIndex(), row)));
    List<Point> points = new ArrayList<>();
    int pending = 0;
    for (int index = 0; index < batch.size(); index++) {
      ResultRow row = rows.get(index);
      if (row != null) {
        points.add(point(batch.run(index), row));
      } else if (pending++ < MOST_PENDING) {
        points.add(pending(batch.run(index)));
      }
    }
    return points;
  }

  private static Point point(Run run, ResultRow row) {
    return new Point(
        run.index(),
        row.folder(),
        List.copyOf(run.sweepValues().values()),
        row.outcome().word(),
        row.cause(),
        row.reason(),
        row.attempt(),
        row.startedAt(),
        new RunMetrics(
            metric -> metric.measure().map(row.metrics()::get).orElse(OptionalDouble.empty())));
  }

  private static Point pending(Run run) {
    return new Point(
        run.index(),
        run.folderName(),
        List.copyOf(run.sweepValues().values()),
        Point.PENDING,
        "",
        "",
        0,
        "",
        RunMetrics.NONE);
  }

  private static Provenance provenance(Batch batch, Optional<OffsetDateTime> finished)
      throws IOException {
    BatchRecord record = batch.record();
    Parameters first = batch.run(0).parameters();
    TokenCount tokens = TokenCount.of(first);
    return new Provenance(
        all(batch, "url", p -> Target.of(p.url()).toString()),
        all(batch, "model", Parameters::model),
        String.valueOf(first.values().getOrDefault("endpoint_type", "")),
        all(batch, "tokenizer", p -> p.tokenizer().orElse("")),
        tokens.message(),
        tokens.trusted(),
        Optional.ofNullable(record.versions().aiperf()).orElse(""),
        record.versions().caravan(),
        record.host(),
        record.acceptedAt(),
        finished.map(OffsetDateTime::toString).orElse(""),
        record.labels(),
        record.sourceFile(),
        config(batch.folder()));
  }

  /** What this says of the first run, or of all values of the key when it is swept. */
  private static String all(Batch batch, String key, Function<Parameters, String> what) {
    List<Object> swept = batch.config().sweeps().get(key);
    return swept == null
        ? what.apply(batch.run(0).parameters())
        : swept.stream()
            .map(value -> batch.config().base().with(Map.of(key, value)))
            .map(what)
            .distinct()
            .collect(Collectors.joining(", "));
  }

  private static String config(Path folder) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(Batch.CONFIG));
    int length = Math.min(MOST_CONFIG, bytes.length);
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static OptionalDouble asked(Parameters parameters) {
    return parameters.values().get("prompt_output_tokens_mean") instanceof Number number
        ? OptionalDouble.of(number.doubleValue())
        : OptionalDouble.empty();
  }

  /** Positions of the runs of this batch whose requests can be shown. */
  static List<Integer> ended(BatchData batch) {
    return IntStream.range(0, batch.points().size())
        .filter(point -> !batch.points().get(point).state().equals(Point.PENDING))
        .boxed()
        .toList();
  }
}
