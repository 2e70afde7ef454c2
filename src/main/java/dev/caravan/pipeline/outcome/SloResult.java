package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.caravan.config.Slo;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Whether a run keeps the bounds of its config.
 *
 * @param state whether it keeps all of them
 * @param missed those that it misses
 */
public record SloResult(State state, List<Slo> missed) {

  /** Whether a run keeps all bounds. */
  public enum State {
    KEPT,
    MISSED,
    /** No bound is missed as far as is known, but a metric is absent. */
    UNKNOWN;

    /** The word in files and tables. */
    @JsonValue
    public String value() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Of a run without numbers. */
  public static final SloResult UNKNOWN = new SloResult(State.UNKNOWN, List.of());

  public SloResult {
    missed = List.copyOf(missed);
  }

  /**
   * The result of a run with these metrics.
   *
   * @param metric column of {@code results.csv} to value; empty when the run does not have it
   */
  public static SloResult of(List<Slo> bounds, Function<String, OptionalDouble> metric) {
    List<Slo> missed =
        bounds.stream()
            .filter(bound -> metric.apply(bound.metric()).stream().anyMatch(v -> !bound.holds(v)))
            .toList();
    if (!missed.isEmpty()) {
      return new SloResult(State.MISSED, missed);
    }
    boolean isKnown = bounds.stream().allMatch(each -> metric.apply(each.metric()).isPresent());
    return isKnown ? new SloResult(State.KEPT, List.of()) : UNKNOWN;
  }

  /** The result of a run that has ended. */
  public static SloResult of(List<Slo> bounds, ResultRow row) {
    return row.outcome().isCompleted() ? of(bounds, row::metric) : UNKNOWN;
  }
}
