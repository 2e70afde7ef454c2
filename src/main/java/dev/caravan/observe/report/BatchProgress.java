package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.BatchSummary;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunProgress;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tracks the progress of a batch from its result tree. Each reading checks the unfinished runs up
 * to the current one, or all that have begun where runs end in another order or the current one is
 * new: those after a run that is run again have ended. It reads what aiperf has written since the
 * last reading. Not thread-safe.
 */
public final class BatchProgress {

  /** As often as results.csv is rewritten. */
  private static final Duration LEARN_INTERVAL = Duration.ofSeconds(10);

  private final Batch batch;
  private final Clock clock;

  /** Not those of a search, which chooses its next run, nor those on several services. */
  private final boolean endInOrder;

  private final List<Integer> unfinished;
  private int total;
  private int ended;
  private int completed;
  private int failed;
  private Optional<Current> current = Optional.empty();
  private RunTimes runTimes = new RunTimes(List.of());
  private Instant learnedAt = Instant.EPOCH;

  private record Current(Run run, RunProgress progress, Instant since) {}

  /**
   * The progress of a batch at one moment.
   *
   * @param total runs of the batch
   * @param isMost whether it is of a search that goes on, so that there may be fewer
   * @param completed runs that completed
   * @param failed runs that failed
   * @param run the current run; empty between two runs
   * @param elapsed time since the batch was accepted
   * @param remaining estimated time to its end; empty when nothing tells
   * @param finished whether the batch has finished; if it was cancelled, without some of its runs
   */
  public record Reading(
      int total,
      boolean isMost,
      int completed,
      int failed,
      Optional<RunReading> run,
      Duration elapsed,
      Optional<Duration> remaining,
      boolean finished) {

    /** Whether runs are to come. */
    boolean goesOn() {
      return !finished && completed + failed < total;
    }
  }

  /**
   * The current run.
   *
   * @param run the run
   * @param progress its phase and request counts
   * @param elapsed time since it began
   * @param remaining estimated time to its end; empty when nothing tells
   */
  public record RunReading(
      Run run, RunProgress.Reading progress, Duration elapsed, Optional<Duration> remaining) {}

  /** Tracks this batch. */
  public BatchProgress(Batch batch, Clock clock) {
    this.batch = batch;
    this.clock = clock;
    this.endInOrder = batch.search().isEmpty() && batch.config().values("url").size() == 1;
    this.total = batch.size();
    this.unfinished = new ArrayList<>(batch.indexes().boxed().toList());
  }

  /** How long a run takes by the completed runs of its batch; empty when nothing tells. */
  public static Optional<Duration> expected(Run run) {
    return duration(new RunTimes(List.of(run.batch())).expected(run.batch(), run.index()));
  }

  /** The progress now. */
  public Reading read() {
    Instant now = clock.instant();
    Optional<BatchSummary> summary = BatchSummary.read(batch.folder().resolve(BatchFolder.SUMMARY));
    total = summary.map(BatchSummary::total).orElse(batch.size());
    updateRuns();
    learn(now);
    Optional<RunReading> run = current.map(c -> reading(c, now));
    Instant acceptedAt = OffsetDateTime.parse(batch.record().acceptedAt()).toInstant();
    boolean finished = summary.flatMap(BatchSummary::finishedAt).isPresent();
    return new Reading(
        total,
        batch.search().isPresent() && !finished,
        completed,
        failed,
        run,
        Duration.between(acceptedAt, now),
        remaining(run),
        finished);
  }

  /** What is left of the current run, and the whole time of those after it. */
  private Optional<Duration> remaining(Optional<RunReading> current) {
    Optional<Integer> running = current.map(r -> r.run().index());
    double seconds = Math.max(0, total - ended - 1) * seconds(batch.config().coolDown());
    boolean isFirst = running.isPresent();
    for (int index : toCome(running)) {
      OptionalDouble expected =
          isFirst ? left(current.orElseThrow()) : runTimes.expected(batch, index);
      isFirst = false;
      if (expected.isEmpty()) {
        return Optional.empty();
      }
      seconds += expected.getAsDouble();
    }
    return Optional.of(duration(seconds));
  }

  /** The current run, and those after it: of a search, as many as there can be. */
  private List<Integer> toCome(Optional<Integer> running) {
    Stream<Integer> others =
        batch
            .search()
            .map(
                search ->
                    search.last(Math.max(0, total - ended - (running.isPresent() ? 1 : 0))).boxed())
            .orElseGet(
                () -> unfinished.stream().filter(index -> !running.equals(Optional.of(index))));
    return Stream.concat(running.stream(), others).limit(Math.max(0, total - ended)).toList();
  }

  private static OptionalDouble left(RunReading run) {
    return run.remaining().stream().mapToDouble(BatchProgress::seconds).findFirst();
  }

  private RunReading reading(Current attempt, Instant now) {
    Duration elapsed = Duration.between(attempt.since(), now);
    Optional<Duration> left =
        duration(runTimes.expected(batch, attempt.run().index()))
            .map(expected -> duration(seconds(expected) - seconds(elapsed)));
    return new RunReading(attempt.run(), attempt.progress().read(), elapsed, left);
  }

  private void updateRuns() {
    Optional<Current> running = Optional.empty();
    Optional<Set<String>> begun = endInOrder ? Optional.empty() : Optional.of(begun());
    boolean goesOn = true;
    for (Iterator<Integer> runs = unfinished.iterator(); runs.hasNext() && goesOn; ) {
      Run run = batch.run(runs.next());
      if (begun.isPresent() && !begun.get().contains(run.folder().getFileName().toString())) {
        continue;
      }
      RunFolder folder = new RunFolder(run.folder());
      Optional<Head> head = ProcessResult.head(folder.processResult()).filter(Head::isFinal);
      if (head.isPresent()) {
        runs.remove();
        ended++;
        count(head.get());
      } else if (running.isEmpty()
          && Files.exists(folder.runMetadata())
          && !Files.exists(folder.processResult())) {
        running = Optional.of(current(run, folder));
        goesOn = !endInOrder || !running.equals(current);
        begun = goesOn ? begun.or(() -> Optional.of(begun())) : begun;
      }
    }
    current = running;
  }

  /** The names of the folders of runs that have begun, at the cost of one look at their batch. */
  private Set<String> begun() {
    try (Stream<Path> entries = Files.list(batch.folder())) {
      return entries.map(entry -> entry.getFileName().toString()).collect(Collectors.toSet());
    } catch (IOException e) {
      return Set.of(); // the next reading looks again
    }
  }

  private void count(Head head) {
    completed += head.status().isCompleted() ? 1 : 0;
    failed += head.status().counts() == Outcome.Counts.FAILED ? 1 : 0;
  }

  /** Continues reading where it left off while it is the same attempt. */
  private Current current(Run run, RunFolder folder) {
    Instant since = since(folder);
    return current
        .filter(c -> c.run().index() == run.index() && c.since().equals(since))
        .orElseGet(() -> new Current(run, new RunProgress(run.folder()), since));
  }

  private Instant since(RunFolder folder) {
    try {
      return Files.getLastModifiedTime(folder.runMetadata()).toInstant();
    } catch (IOException e) {
      return clock.instant(); // the attempt was just set aside
    }
  }

  private void learn(Instant now) {
    if (Duration.between(learnedAt, now).compareTo(LEARN_INTERVAL) >= 0) {
      learnedAt = now;
      runTimes = new RunTimes(List.of(batch));
    }
  }

  private static Optional<Duration> duration(OptionalDouble seconds) {
    return seconds.stream().mapToObj(BatchProgress::duration).findFirst();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  private static Duration duration(double seconds) {
    return Duration.ofMillis((long) (1000 * Math.max(0, seconds)));
  }
}
