package dev.caravan.observe.report;

import dev.caravan.analysis.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the newest finished batch of a name compares with those before it.
 *
 * @param name the name
 * @param batches its finished batches, oldest first
 * @param throughput the throughput of the newest beside that of earlier alike ones; empty without
 *     any
 * @param latency the same of its latency
 */
public record NameTrend(
    String name, List<BatchEntry> batches, Optional<Change> throughput, Optional<Change> latency) {

  /** Number of the newest batches of a name that count. */
  public static final int MOST = 30;

  public NameTrend {
    batches = List.copyOf(batches);
  }

  /**
   * The trend of a name.
   *
   * @param finished its finished batches, newest first; at least one
   */
  public static NameTrend of(String name, List<BatchEntry> finished) {
    List<BatchEntry> counted =
        new ArrayList<>(finished.subList(0, Math.min(MOST, finished.size())));
    BatchEntry newest = counted.get(0);
    List<BatchFigures> earlier =
        counted.stream()
            .skip(1)
            .filter(entry -> !entry.verdict().equals(Verdict.FAIL.name()))
            .flatMap(entry -> entry.figures().stream())
            .filter(figures -> isAlike(figures, newest))
            .filter(figures -> hasSameWarnings(figures, newest))
            .filter(figures -> !figures.lacksPoints())
            .toList();
    Collections.reverse(counted);
    return new NameTrend(
        name,
        counted,
        change(newest, earlier, BatchFigures::throughput, true),
        change(newest, earlier, BatchFigures::latency, false));
  }

  private static boolean isAlike(BatchFigures figures, BatchEntry newest) {
    return newest
        .figures()
        .filter(
            own ->
                own.workload().equals(figures.workload())
                    && own.unit().equals(figures.unit())
                    && own.latencyLabel().equals(figures.latencyLabel()))
        .isPresent();
  }

  /** A number with a warning is true for something else than one without. */
  private static boolean hasSameWarnings(BatchFigures figures, BatchEntry newest) {
    return newest.figures().filter(own -> own.warnings().equals(figures.warnings())).isPresent();
  }

  private static Optional<Change> change(
      BatchEntry newest,
      List<BatchFigures> earlier,
      Function<BatchFigures, OptionalDouble> figure,
      boolean isHigherBetter) {
    List<Double> values =
        earlier.stream()
            .flatMap(each -> figure.apply(each).stream().boxed())
            .filter(value -> value > 0)
            .toList();
    return newest
        .figures()
        .filter(own -> !own.lacksPoints())
        .map(figure)
        .filter(value -> value.isPresent() && value.getAsDouble() > 0 && !values.isEmpty())
        .map(value -> Change.of(value.getAsDouble(), values, isHigherBetter));
  }

  /** The newest finished batch. */
  public BatchEntry newest() {
    return batches.get(batches.size() - 1);
  }

  /**
   * Whether no point of the newest keeps the bounds of its config, as one of an alike batch did. A
   * degraded run that may keep them leaves that open.
   */
  public boolean hasLostBounds() {
    return newest()
            .figures()
            .filter(own -> own.isBounded() && own.throughput().isEmpty() && !own.mayKeepBounds())
            .isPresent()
        && batches.stream()
            .flatMap(entry -> entry.figures().stream())
            .anyMatch(each -> each.throughput().isPresent() && isAlike(each, newest()));
  }

  /** The warnings of the newest that no earlier alike batch has. */
  public List<String> newWarnings() {
    Set<String> known =
        earlierAlike().flatMap(figures -> figures.warnings().stream()).collect(Collectors.toSet());
    return newest().figures().stream()
        .flatMap(own -> own.warnings().stream())
        .filter(id -> !known.contains(id))
        .toList();
  }

  /** Whether alike batches came before the newest, all of them with other warnings. */
  public boolean hasOtherWarnings() {
    return earlierAlike().findAny().isPresent()
        && earlierAlike().noneMatch(figures -> hasSameWarnings(figures, newest()));
  }

  private Stream<BatchFigures> earlierAlike() {
    return batches.subList(0, batches.size() - 1).stream()
        .flatMap(entry -> entry.figures().stream())
        .filter(figures -> isAlike(figures, newest()));
  }

  /** Whether the batch at this position measures something else than the one before it. */
  public boolean isBreak(int position) {
    return position > 0
        && !Objects.equals(measured(batches.get(position)), measured(batches.get(position - 1)));
  }

  private static List<Object> measured(BatchEntry entry) {
    return entry
        .figures()
        .map(figures -> List.<Object>of(figures.workload(), figures.warnings()))
        .orElse(List.of());
  }
}
