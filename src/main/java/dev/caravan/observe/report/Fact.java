package dev.caravan.observe.report;

import dev.caravan.config.Overrides;
import dev.caravan.config.text.DisplayText;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A labelled value in the list of facts of a page. */
public record Fact(String key, String value) {

  /** The facts that have a value. */
  public static List<Fact> known(Stream<Fact> facts) {
    return facts.filter(fact -> !fact.value.isEmpty()).toList();
  }

  /** What is set over the config of a batch, each option on its own. */
  public static Stream<Fact> overrides(Overrides overrides) {
    return overrides.options().stream()
        .map(option -> new Fact("Override", DisplayText.unquoted(option)));
  }

  /** The labels of a batch. */
  public static Stream<Fact> labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> new Fact("Label " + label.getKey(), label.getValue()));
  }
}
