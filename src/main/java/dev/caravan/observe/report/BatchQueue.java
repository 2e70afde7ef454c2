package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Outcome;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.OneLine;
import dev.caravan.pipeline.outcome.SearchSummary;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The unfinished batches of a home in dispatch order, read from its files. */
public final class BatchQueue {

  private static final Logger LOG = LoggerFactory.getLogger(BatchQueue.class);

  /** Batches that have finished, and runs in one, that are read to learn from. */
  private static final int MAX_LESSONS = 5;

  private static final int MAX_LESSON_RUNS = 2_000;

  private final BatchStore batches;
  private final BatchStates states;
  private final OffsetDateTime now;

  /**
   * A queue.
   *
   * @param states what each batch does
   */
  public BatchQueue(BatchStore batches, BatchStates states, OffsetDateTime now) {
    this.batches = batches;
    this.states = states;
    this.now = now;
  }

  /**
   * The entries of the batches in these folders.
   *
   * @param ended batches that have finished, newest first; the first few tell how long runs take
   * @param slots how many runs are executed at once
   */
  public List<QueueEntry> entries(List<Path> folders, List<Path> ended, int slots) {
    List<Batch> all = new ArrayList<>();
    List<QueueEntry> entries = new ArrayList<>();
    for (Path folder : folders) {
      try {
        all.add(batches.load(folder));
      } catch (IOException e) {
        if (!RegularFiles.isAbsent(folder)) { // else deleted since it was found
          entries.add(unreadable(folder, e));
        }
      }
    }
    all.sort(Comparator.comparing(Batch::record, BatchRecord.DISPATCH_ORDER));
    Forecast forecast = new Forecast(runTimes(all, ended), slots);
    Map<String, String> firstOnTarget = new HashMap<>();
    for (Batch batch : all) {
      entries.add(entry(batch, explained(batch, firstOnTarget), forecast));
    }
    return entries;
  }

  /** The state of a batch; as long as no daemon tells, batches wait for those before them. */
  private BatchState explained(Batch batch, Map<String, String> firstOnTarget) {
    BatchState state = states.of(batch);
    if (!state.isActive()) {
      return state;
    }
    String before = firstOnTarget.putIfAbsent(BatchStates.target(batch), batch.id());
    String reason = before == null || states.isServed() ? "next for its target" : "after " + before;
    return state.isUnexplained() ? state.because(reason) : state;
  }

  /** A batch that cannot be read, or whose table is long, teaches nothing. */
  private RunTimes runTimes(List<Batch> open, List<Path> ended) {
    List<Batch> all = new ArrayList<>(open);
    int lessons = open.isEmpty() ? 0 : Math.min(MAX_LESSONS, ended.size());
    for (Path folder : ended.subList(0, lessons)) {
      try {
        Batch batch = batches.load(folder);
        if (batch.size() <= MAX_LESSON_RUNS) {
          all.add(batch);
        }
      } catch (IOException e) {
        LOG.debug("{} does not show how long runs take: {}", folder, e.toString());
      }
    }
    return new RunTimes(all);
  }

  /** A damaged batch is shown, and costs the others nothing. */
  private static QueueEntry unreadable(Path folder, IOException why) {
    String id = folder.getParent().getFileName() + "/" + folder.getFileName();
    String message = OneLine.line(why.getMessage(), BatchStates.MAX_MESSAGE);
    return new QueueEntry(
        id,
        folder.toString(),
        BatchStates.UNREADABLE,
        message,
        0,
        0,
        0,
        OptionalInt.of(0),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private QueueEntry entry(Batch batch, BatchState state, Forecast forecast) {
    Optional<BatchSummary> summary =
        BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY))
            .filter(s -> s.finishedAt().isEmpty());
    int done = summary.map(s -> s.counters().ended()).orElse(0);
    int total = summary.map(BatchSummary::total).orElse(batch.size());
    int failed = summary.map(s -> s.counters().of(Outcome.Counts.FAILED)).orElse(0);
    Optional<Duration> elapsed = state.runningSince().map(since -> Duration.between(since, now));
    Duration wait = state.notBefore().map(at -> Duration.between(now, at)).orElse(Duration.ZERO);
    Optional<Forecast.Times> times =
        state.isActive()
            ? Optional.of(forecast.next(batch, total, done, elapsed, wait))
            : Optional.empty();
    boolean started = done > 0 || elapsed.isPresent();
    return new QueueEntry(
        batch.id(),
        batch.folder().toString(),
        state.name(),
        message(batch, state, summary.flatMap(BatchSummary::search)),
        total,
        done,
        failed,
        OptionalInt.of(summary.map(s -> s.counters().withNumbers()).orElse(0)),
        summary.map(s -> s.findings().found()).orElse(List.of()),
        started ? Optional.empty() : times.flatMap(t -> in(t.start())),
        times.flatMap(t -> in(t.end())));
  }

  /** A search that runs says how far it is, and a hook since when it runs. */
  private static String message(Batch batch, BatchState state, Optional<SearchSummary> search) {
    int priority = batch.record().priority();
    return Stream.of(
            priority == BatchRecord.DEFAULT_PRIORITY ? "" : "priority " + priority,
            state.hook().orElse(""),
            state.message(),
            state.isRunning() ? search.map(SearchSummary::underway).orElse("") : "")
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private Optional<OffsetDateTime> in(double seconds) {
    return Double.isNaN(seconds)
        ? Optional.empty()
        : Optional.of(now.plus(Duration.ofMillis((long) (seconds * 1000))));
  }
}
