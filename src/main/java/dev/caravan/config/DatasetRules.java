package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.yaml.Problems;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks that aiperf can read each input file in every format that the config gives it. */
final class DatasetRules {

  private static final String OFF = "";

  private final ConfigRules rules;
  private final Problems problems;
  private final Map<List<String>, Optional<String>> refusals = new HashMap<>();

  DatasetRules(ConfigRules rules, Problems problems) {
    this.rules = rules;
    this.problems = problems;
  }

  void check(Map<String, GivenValue> given) {
    GivenValue file = given.get(ConfigKeys.INPUT_FILE);
    if (file == null) {
      return;
    }
    GivenValue format = given.get(ConfigKeys.DATASET_TYPE);
    List<Object> formats =
        format == null || format.values().isEmpty() ? List.of(OFF) : format.values();
    for (Object name : file.values()) {
      formats.stream()
          .map(each -> refusal((String) name, (String) each))
          .flatMap(Optional::stream)
          .findFirst()
          .ifPresent(
              why ->
                  problems.add(
                      file.node(),
                      file.path(),
                      DisplayText.quoted((String) name) + ": " + DisplayText.unquoted(why)));
    }
  }

  private Optional<String> refusal(String name, String format) {
    return refusals.computeIfAbsent(
        List.of(name, format),
        key -> rules.datasetRefusal(name, Optional.of(format).filter(f -> !f.equals(OFF))));
  }
}
