package dev.caravan.observe.compare;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A run that has ended, as a comparison sees it. It can be kept in a file, so that a baseline does
 * not depend on its batch.
 *
 * @param variant the variant; empty without variants
 * @param point name of the point, which repeats and variants share; empty when there is only one
 * @param label the point in words; empty when there is only one
 * @param repeat which repeat of the point, from 1
 * @param outcome how it ended
 * @param startedAt RFC 3339
 * @param checks what the checks found: id to level
 * @param metrics column of {@code results.csv} to value, in its unit
 * @param parameters what was to be run: key to text
 * @param client what generated the load, and from which prompts: fact to text
 * @param facts what is known of the service and the host, by name
 */
public record ComparedRun(
    String variant,
    String point,
    String label,
    int repeat,
    String outcome,
    String startedAt,
    Map<String, String> checks,
    Map<String, Double> metrics,
    Map<String, String> parameters,
    Map<String, String> client,
    Map<String, String> facts) {

  public ComparedRun {
    variant = ComparedText.of(variant);
    point = ComparedText.of(point);
    label = ComparedText.of(label);
    outcome = ComparedText.of(outcome);
    startedAt = ComparedText.of(startedAt);
    checks = known(checks);
    metrics = known(metrics);
    parameters = known(parameters);
    client = known(client);
    facts = known(facts);
  }

  private static <V> Map<String, V> known(Map<String, V> map) {
    Map<String, V> known = new LinkedHashMap<>(map == null ? Map.of() : map);
    known.values().removeIf(Objects::isNull);
    return Collections.unmodifiableMap(known);
  }

  /** The value of a metric. */
  OptionalDouble metric(String column) {
    Double value = metrics.get(column);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** When it started; long ago if unknown. */
  Instant start() {
    try {
      return OffsetDateTime.parse(startedAt).toInstant();
    } catch (DateTimeException e) {
      return Instant.EPOCH; // other programs write other times, or none
    }
  }

  /** The same run at a point that other variants do not share. */
  ComparedRun apart() {
    return new ComparedRun(
        variant,
        variant + "__" + point,
        label.isEmpty() ? variant : variant + ", " + label,
        repeat,
        outcome,
        startedAt,
        checks,
        metrics,
        parameters,
        client,
        facts);
  }
}
