package dev.caravan.observe.report;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A labelled value in the list of facts of a page. */
public record Fact(String key, String value) {

  /** The facts that have a value. */
  public static List<Fact> known(Stream<Fact> facts) {
    return facts.filter(fact -> !fact.value.isEmpty()).toList();
  }

  /** The labels of a batch. */
  public static Stream<Fact> labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> new Fact("Label " + label.getKey(), label.getValue()));
  }
}
