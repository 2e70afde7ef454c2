package dev.caravan.pipeline.outcome.checks;

import dev.caravan.config.CheckSetting;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the user set about checks.
 *
 * @param byId rules by the id of the check; the others have none
 */
public record CheckRules(Map<String, Rule> byId) {

  /** Nothing is set. */
  public static final CheckRules DEFAULTS = new CheckRules(Map.of());

  /**
   * What the user set about one check.
   *
   * @param isOff whether it is not asked
   * @param highest the worst level that it may give
   * @param thresholds thresholds in place of the default ones
   */
  public record Rule(boolean isOff, Optional<Level> highest, Map<Level, Double> thresholds) {

    /** Nothing is set. */
    static final Rule NONE = new Rule(false, Optional.empty(), Map.of());

    public Rule {
      thresholds = Map.copyOf(thresholds);
    }
  }

  public CheckRules {
    byId = Map.copyOf(byId);
  }

  /** The rules that a config sets. */
  public static CheckRules of(Map<String, CheckSetting> settings) {
    Map<String, Rule> rules = new HashMap<>();
    settings.forEach((id, setting) -> rules.put(id, rule(setting)));
    return new CheckRules(rules);
  }

  private static Rule rule(CheckSetting setting) {
    Map<Level, Double> thresholds = new EnumMap<>(Level.class);
    setting.thresholds().forEach((level, value) -> thresholds.put(Level.of(level), value));
    return new Rule(setting.isOff(), setting.highest().map(Level::of), thresholds);
  }

  /** The rule for a check. */
  Rule of(String id) {
    return byId.getOrDefault(id, Rule.NONE);
  }
}
