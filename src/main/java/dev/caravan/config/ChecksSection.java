package dev.caravan.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads {@code checks}: for each check its worst level, or its thresholds. */
final class ChecksSection {

  /** The names of the checks. */
  static final List<String> IDS =
      List.of(
          "errors",
          "unanswered",
          "lengths",
          "replies",
          "cache",
          "load",
          "client",
          "stall",
          "clock",
          "stream",
          "tokens",
          "samples",
          "burst",
          "steady",
          "alone",
          "service");

  static final String PATH = "checks";

  /** The levels, the worst last. */
  static final List<String> LEVELS = List.of("note", "warning", "degraded", "invalid");

  /** YAML 1.1 reads {@code off} as false. */
  static final Set<String> OFF = Set.of("off", "false", "no");

  private static final String RULE = "must be off, note, warning, degraded or invalid";
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?)\\s?%?");

  private final ValueReader values;
  private final Problems problems;

  ChecksSection(ValueReader values, Problems problems) {
    this.values = values;
    this.problems = problems;
  }

  /** Adds to the JSON Schema of the section: for each check a level, or thresholds by level. */
  static ObjectNode addSchema(ObjectNode section) {
    ObjectNode properties = section.putObject("properties");
    for (String id : IDS) {
      ObjectNode check = properties.putObject(id);
      check.put("description", "The worst level of this check, off, or thresholds by level.");
      ArrayNode choices = check.putArray("anyOf");
      ArrayNode levels = choices.addObject().putArray("enum");
      LEVELS.forEach(levels::add);
      levels.add("off").add(false).addNull();
      ObjectNode thresholds = choices.addObject().put("type", "object");
      ObjectNode byLevel = thresholds.putObject("properties");
      LEVELS.forEach(
          level -> byLevel.putObject(level).putArray("type").add("number").add("string"));
      thresholds.put("additionalProperties", false);
    }
    return section;
  }

  /** What is set, by the name of the check. */
  Map<String, CheckSetting> read(Mapping section) {
    Map<String, CheckSetting> settings = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (id, entry) -> {
              String path = section.path(id);
              if (!IDS.contains(id)) {
                problems.add(entry.key(), path, () -> "unknown check" + hint(id, IDS));
              } else if (!ValueReader.isAbsent(entry.value())) {
                setting(entry.value(), path).ifPresent(setting -> settings.put(id, setting));
              }
            });
    return settings;
  }

  private Optional<CheckSetting> setting(Node node, String path) {
    if (node instanceof MappingNode mapping) {
      return Optional.of(
          new CheckSetting(
              false, Optional.empty(), thresholds(Mapping.of(mapping, path, problems))));
    }
    Optional<String> level = values.scalar(node, path, "a level").map(ChecksSection::lower);
    if (level.filter(OFF::contains).isPresent()) {
      return Optional.of(CheckSetting.OFF);
    }
    if (level.isPresent() && !LEVELS.contains(level.get())) {
      problems.add(
          node, path, DisplayText.quoted(level.get()) + ": " + RULE + hint(level.get(), LEVELS));
      return Optional.empty();
    }
    return level.map(given -> new CheckSetting(false, Optional.of(given), Map.of()));
  }

  private Map<String, Double> thresholds(Mapping section) {
    Map<String, Double> thresholds = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (level, entry) -> {
              String path = section.path(level);
              if (!LEVELS.contains(level)) {
                problems.add(entry.key(), path, () -> "unknown level" + hint(level, LEVELS));
              } else {
                threshold(entry.value(), path).ifPresent(value -> thresholds.put(level, value));
              }
            });
    return thresholds;
  }

  private Optional<Double> threshold(Node node, String path) {
    Optional<String> text = values.scalar(node, path, "a number").map(Scalar::raw);
    Optional<Matcher> number = text.map(NUMBER::matcher).filter(Matcher::matches);
    if (text.isPresent() && number.isEmpty()) {
      problems.add(
          node, path, DisplayText.quoted(text.get()) + ": must be a number, such as 10 or 10%");
    }
    return number.map(match -> Double.valueOf(match.group(1)));
  }

  private static String lower(Scalar scalar) {
    return scalar.raw().toLowerCase(Locale.ROOT);
  }

  private static String hint(String name, List<String> names) {
    String near = NearestName.hint(name, names);
    return near.isEmpty() ? "; one of " + String.join(", ", names) : near;
  }
}
