package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.Finding;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.outcome.checks.Statistic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the fields {@code checks}, {@code checked}, {@code unchecked} and {@code statistics} of a
 * process result.
 */
final class CheckJson {

  private static final String CHECKS = "checks";
  private static final String CHECKED = "checked";
  private static final String UNCHECKED = "unchecked";
  private static final String STATISTICS = "statistics";

  private CheckJson() {}

  /**
   * Reads the fields.
   *
   * @throws IllegalArgumentException if a level is unknown
   */
  static CheckResults read(Map<String, JsonNode> fields) {
    List<Finding> findings = new ArrayList<>();
    if (fields.containsKey(CHECKS)) {
      fields.get(CHECKS).forEach(json -> findings.add(finding(json)));
    }
    List<String> checked = new ArrayList<>();
    if (fields.containsKey(CHECKED)) {
      fields.get(CHECKED).forEach(id -> checked.add(id.asText()));
    }
    Map<String, String> unchecked = new LinkedHashMap<>();
    if (fields.containsKey(UNCHECKED)) {
      fields
          .get(UNCHECKED)
          .properties()
          .forEach(reason -> unchecked.put(reason.getKey(), reason.getValue().asText()));
    }
    return new CheckResults(findings, checked, unchecked, statistics(fields));
  }

  private static Map<Statistic, Double> statistics(Map<String, JsonNode> fields) {
    Map<Statistic, Double> statistics = new EnumMap<>(Statistic.class);
    if (fields.containsKey(STATISTICS)) {
      for (Statistic statistic : Statistic.values()) {
        JsonNode value = fields.get(STATISTICS).path(statistic.column());
        if (value.isNumber()) {
          statistics.put(statistic, value.asDouble());
        }
      }
    }
    return statistics;
  }

  private static Finding finding(JsonNode json) {
    return new Finding(
        json.path("id").asText(),
        Level.of(json.path("level").asText()),
        json.path("value").asDouble(Double.NaN),
        json.path("threshold").asDouble(Double.NaN),
        json.path("message").asText(),
        json.path("advice").asText());
  }
}
