package dev.caravan.model;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.model.plan.SearchPlan;
import dev.caravan.model.plan.Sweep;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An accepted config, its runs and its folder.
 *
 * @param folder an absolute path
 * @param record the content of its batch.json
 * @param config the config, as read from the batch folder
 * @param sweep its runs
 */
public record Batch(Path folder, BatchRecord record, BenchmarkConfig config, Sweep sweep) {

  /** {@code <batch_name>/<timestamp>}. */
  public String id() {
    return record.id();
  }

  /** Which of its runs are made, one after the other; empty when all are. */
  public Optional<SearchPlan> search() {
    return sweep.search();
  }

  /** Number of runs; of a search, the most that there can be. */
  public int size() {
    return sweep.runs();
  }

  /** The indexes of all runs, in the order of execution; of a search, of all that it can make. */
  public IntStream indexes() {
    return sweep.indexes();
  }

  /** The runs just before one of them in the plan, the nearest first. */
  public Stream<Run> before(int index) {
    return IntStream.iterate(index - 1, n -> n >= 0, n -> n - 1)
        .filter(this::hasRun)
        .mapToObj(this::run);
  }

  /** Whether there is a run with this index. */
  public boolean hasRun(int index) {
    return index >= 0 && index < sweep.indexEnd() && !sweep.isExcluded(index);
  }

  /** The run that is executed first. */
  public Run firstRun() {
    return run(indexes().findFirst().orElseThrow());
  }

  /** Run {@code index}, from 0. */
  public Run run(int index) {
    if (!hasRun(index)) {
      throw new IllegalArgumentException(id() + " has no run " + index + ": it has " + size());
    }
    return new Run(this, index);
  }
}
