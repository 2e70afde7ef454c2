package dev.caravan.observe.report;

import dev.caravan.config.Target;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.outcome.Metric;
import dev.caravan.pipeline.outcome.ResultRow;
import dev.caravan.pipeline.outcome.ResultsCsv;
import dev.caravan.storage.BatchFolder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How long runs take, learned from those that completed: of the same batch, else of its namesakes,
 * else on the same service, else of any. A run that a number of requests ends teaches, and learns
 * from, its namesakes only.
 */
final class RunTimes {

  /** Assumed time beyond benchmark_duration until a run has completed, in seconds. */
  private static final double GUESS = 5;

  /** What a completed run took beyond its benchmark_duration, or in all if it has none. */
  private record Lesson(Batch batch, boolean timed, double seconds) {}

  private final List<Lesson> lessons = new ArrayList<>();
  private final Map<List<Object>, OptionalDouble> known = new HashMap<>();

  /** Learns from these batches. */
  RunTimes(List<Batch> batches) {
    batches.forEach(this::learn);
  }

  /** Seconds that a run takes in all; empty when nothing tells. */
  OptionalDouble expected(Batch batch, int index) {
    Optional<Duration> measured = measured(batch, index);
    OptionalDouble beyond =
        known.computeIfAbsent(
            List.of(batch.id(), measured.isPresent()), key -> beyond(batch, measured.isPresent()));
    return beyond.isPresent()
        ? OptionalDouble.of(seconds(measured.orElse(Duration.ZERO)) + beyond.getAsDouble())
        : beyond;
  }

  private OptionalDouble beyond(Batch batch, boolean timed) {
    Stream<Predicate<Batch>> likest =
        Stream.of(
            other -> other.id().equals(batch.id()),
            other -> other.config().batchName().equals(batch.config().batchName()),
            other -> timed && target(other).equals(target(batch)),
            other -> timed);
    return likest
        .map(like -> average(timed, like))
        .filter(OptionalDouble::isPresent)
        .findFirst()
        .orElse(timed ? OptionalDouble.of(GUESS) : OptionalDouble.empty());
  }

  private OptionalDouble average(boolean timed, Predicate<Batch> like) {
    return lessons.stream()
        .filter(lesson -> lesson.timed() == timed && like.test(lesson.batch()))
        .mapToDouble(Lesson::seconds)
        .average();
  }

  private void learn(Batch batch) {
    List<ResultRow> rows =
        ResultsCsv.read(batch.folder().resolve(BatchFolder.RESULTS))
            .map(ResultsCsv.Table::rows)
            .orElse(List.of());
    for (ResultRow row : rows) {
      OptionalDouble duration = row.metrics().get(Metric.DURATION);
      if (row.outcome().isCompleted() && duration.isPresent() && batch.hasRun(row.runIndex())) {
        Optional<Duration> measured = measured(batch, row.runIndex());
        double beyond = duration.getAsDouble() - seconds(measured.orElse(Duration.ZERO));
        lessons.add(new Lesson(batch, measured.isPresent(), Math.max(0, beyond)));
      }
    }
  }

  private static Optional<Duration> measured(Batch batch, int index) {
    return batch.run(index).parameters().benchmarkDuration();
  }

  private static String target(Batch batch) {
    return Target.of(batch.firstRun().parameters().url()).toString();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
