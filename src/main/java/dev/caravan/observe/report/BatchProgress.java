package dev.caravan.observe.report;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.run.RunProgress;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How far a batch is while it runs, from its tree alone. Each look costs a look at each run that
 * has not ended, and what aiperf wrote since the last one. Not threadsafe.
 */
public final class BatchProgress {

  /** What aiperf takes beyond benchmark_duration until a run of the batch tells, in seconds. */
  private static final double FIRST_OVERHEAD = 5;

  /** The table that tells is rewritten every ten seconds. */
  private static final Duration LEARN_EVERY = Duration.ofSeconds(10);

  private final Batch batch;
  private final Clock clock;
  private final List<Integer> open;
  private int completed;
  private int failed;
  private Optional<Current> current = Optional.empty();
  private double overhead = FIRST_OVERHEAD;
  private Instant learned = Instant.EPOCH;

  private record Current(Run run, RunProgress gauge, Instant since) {}

  /**
   * What a look found.
   *
   * @param total runs of the batch
   * @param completed runs that completed
   * @param failed runs that failed
   * @param run what runs now; empty between two runs
   * @param elapsed since the batch was accepted
   * @param left until its end, roughly
   */
  public record Reading(
      int total,
      int completed,
      int failed,
      Optional<RunReading> run,
      Duration elapsed,
      Duration left) {}

  /**
   * The run that goes on.
   *
   * @param run which
   * @param gauge where it is
   * @param elapsed since it began
   * @param left until its end, roughly
   */
  public record RunReading(Run run, RunProgress.Reading gauge, Duration elapsed, Duration left) {}

  /** The progress of a batch. */
  public BatchProgress(Batch batch, Clock clock) {
    this.batch = batch;
    this.clock = clock;
    this.open = new ArrayList<>(IntStream.range(0, batch.size()).boxed().toList());
  }

  /** What aiperf takes beyond benchmark_duration, by the completed runs of this batch. */
  public static Duration overhead(Batch batch) {
    return duration(Forecast.overhead(batch).orElse(FIRST_OVERHEAD));
  }

  /** How far the batch is now. */
  public Reading look() {
    Instant now = clock.instant();
    takeEnded();
    learn(now);
    Optional<RunReading> run = current.map(c -> reading(c, now));
    double planned = open.stream().mapToDouble(i -> Forecast.planned(batch, i) + overhead).sum();
    double left = planned - run.map(r -> seconds(r.elapsed())).orElse(0.0);
    Instant began = OffsetDateTime.parse(batch.record().acceptedAt()).toInstant();
    return new Reading(
        batch.size(), completed, failed, run, Duration.between(began, now), duration(left));
  }

  private RunReading reading(Current running, Instant now) {
    Duration elapsed = Duration.between(running.since(), now);
    double planned = Forecast.planned(batch, running.run().index()) + overhead;
    return new RunReading(
        running.run(), running.gauge().read(), elapsed, duration(planned - seconds(elapsed)));
  }

  private void takeEnded() {
    Optional<Current> found = Optional.empty();
    for (Iterator<Integer> left = open.iterator(); left.hasNext() && found.isEmpty(); ) {
      Run run = batch.run(left.next());
      RunFolder folder = new RunFolder(run.folder());
      Optional<Head> head = ProcessResult.head(folder.processResult()).filter(Head::isFinal);
      if (head.isPresent()) {
        left.remove();
        count(head.get());
      } else if (Files.exists(folder.runMetadata()) && !Files.exists(folder.processResult())) {
        found = Optional.of(current(run, folder));
      }
    }
    current = found;
  }

  private void count(Head head) {
    completed += head.status().counts() == Outcome.Counts.COMPLETED ? 1 : 0;
    failed += head.status().counts() == Outcome.Counts.FAILED ? 1 : 0;
  }

  /** The gauge goes on with what it read as long as it is the same attempt. */
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
      return clock.instant(); // it has just been set aside
    }
  }

  private void learn(Instant now) {
    if (Duration.between(learned, now).compareTo(LEARN_EVERY) >= 0) {
      learned = now;
      overhead = Forecast.overhead(batch).orElse(overhead);
    }
  }

  private static double seconds(Duration span) {
    return span.toMillis() / 1000.0;
  }

  private static Duration duration(double seconds) {
    return Duration.ofMillis((long) (1000 * Math.max(0, seconds)));
  }
}
