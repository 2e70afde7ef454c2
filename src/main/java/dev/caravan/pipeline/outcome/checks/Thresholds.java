package dev.caravan.pipeline.outcome.checks;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * From where on a figure is a finding, by level.
 *
 * @param side on which side of a threshold figures are findings
 * @param byLevel the thresholds; a level that is absent is never reached
 */
public record Thresholds(Side side, Map<Level, Double> byLevel) {

  /** Where findings are. */
  public enum Side {
    ABOVE,
    AT_LEAST,
    BELOW;

    private boolean has(double figure, double threshold) {
      return switch (this) {
        case ABOVE -> figure > threshold;
        case AT_LEAST -> figure >= threshold;
        case BELOW -> figure < threshold;
      };
    }
  }

  public Thresholds {
    byLevel = byLevel.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(byLevel));
  }

  /** Figures above this are findings of this level. */
  static Thresholds above(Level level, double threshold) {
    return new Thresholds(Side.ABOVE, Map.of(level, threshold));
  }

  /** Figures of this or more are findings of this level. */
  static Thresholds atLeast(Level level, double threshold) {
    return new Thresholds(Side.AT_LEAST, Map.of(level, threshold));
  }

  /** Figures below this are findings of this level. */
  static Thresholds below(Level level, double threshold) {
    return new Thresholds(Side.BELOW, Map.of(level, threshold));
  }

  /** One more level. */
  Thresholds and(Level level, double threshold) {
    return with(Map.of(level, threshold));
  }

  /** These thresholds in place of the former ones. */
  Thresholds with(Map<Level, Double> changed) {
    Map<Level, Double> all = new EnumMap<>(Level.class);
    all.putAll(byLevel);
    all.putAll(changed);
    return new Thresholds(side, all);
  }

  /** The threshold of a level; one that no figure passes when there is none. */
  double of(Level level) {
    double never = side == Side.BELOW ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    return byLevel.getOrDefault(level, never);
  }

  /** Whether a figure is a finding of this level, or worse. */
  boolean isPassed(Level level, double figure) {
    return side.has(figure, of(level));
  }

  /** The worst level that a figure has; empty when it is no finding. */
  Optional<Level> levelOf(double figure) {
    return byLevel.keySet().stream().filter(level -> isPassed(level, figure)).max(Level::compareTo);
  }
}
