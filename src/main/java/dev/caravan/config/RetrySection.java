package dev.caravan.config;

import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads {@code retry}. */
final class RetrySection {

  static final String PATH = "retry";

  private static final String ATTEMPTS = "attempts";
  private static final String ON = "on";
  private static final String BACKOFF = "backoff";
  private static final int MOST_ATTEMPTS = 10;

  /** YAML 1.1 reads this key as a boolean, which nobody means here. */
  static final Set<String> AS_WRITTEN = Set.of(ON);

  private static final List<String> WORDS =
      List.of(
          "crashed",
          "incomplete_export",
          "start_failed",
          "tokenizer_unavailable",
          "all_requests_failed",
          "timed_out",
          "internal_error");

  private static final String SAME = "would fail the same way";
  private static final String ANYWAY = "is tried again anyway, and not counted as an attempt";

  /** Causes and outcomes that exist but are no reason to try again, and why. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "rejected_config", SAME,
          "unauthorized", SAME,
          "model_not_served", SAME,
          "endpoint_not_found", SAME,
          "invalid", SAME,
          "target_lost", ANYWAY,
          "lost", ANYWAY,
          "unhealthy", "has used up its patience; for more set wait in readiness",
          "cancelled", "was cancelled on purpose");

  static final List<ConfigKey> KEYS =
      List.of(
          SectionReader.whole(ATTEMPTS, 1, MOST_ATTEMPTS, "How often a run is tried in all.")
              .orElse(Retry.DEFAULTS.attempts()),
          ConfigKey.row(
                  ON,
                  ConfigKey.Type.WORDS,
                  "Causes, or timed_out, after which a run is tried again.")
              .oneOf(WORDS)
              .orElse(Retry.DEFAULTS.on()),
          SectionReader.durationOrNone(BACKOFF, "Time before the next attempt.")
              .orElse(Retry.DEFAULTS.backoff()));

  private RetrySection() {}

  /** The rules, with the default of each that is not given. */
  static Retry read(Mapping section, ValueReader values, Problems problems) {
    SectionReader given = new SectionReader(section, KEYS, values, problems);
    Retry others = Retry.DEFAULTS;
    return new Retry(
        given.whole(ATTEMPTS).orElse(others.attempts()),
        given
            .node(ON)
            .map(node -> words(node, section.path(ON), values, problems))
            .orElse(others.on()),
        given.duration(BACKOFF).orElse(others.backoff()));
  }

  private static Set<String> words(Node node, String path, ValueReader values, Problems problems) {
    Map<String, Integer> words = new LinkedHashMap<>();
    if (!(node instanceof SequenceNode list)) {
      problems.add(node, path, "must be a list, such as [crashed, timed_out]");
      return words.keySet();
    }
    for (int i = 0; i < list.getValue().size(); i++) {
      Node item = list.getValue().get(i);
      String at = path + "[" + i + "]";
      Optional<String> word = values.scalar(item, at, "a cause").map(Scalar::raw);
      Optional<String> broken = word.flatMap(w -> broken(w, words));
      broken.ifPresent(
          why -> problems.add(item, at, DisplayText.quoted(word.orElseThrow()) + ": " + why));
      if (word.isPresent() && broken.isEmpty()) {
        words.put(word.get(), i);
      }
    }
    return words.keySet();
  }

  private static Optional<String> broken(String word, Map<String, Integer> before) {
    if (before.containsKey(word)) {
      return Optional.of("the same as [" + before.get(word) + "]; each may stand once");
    }
    if (REFUSED.containsKey(word)) {
      return Optional.of(REFUSED.get(word));
    }
    return WORDS.contains(word)
        ? Optional.empty()
        : Optional.of("must be " + ValueReader.oneOf(WORDS) + NearestName.hint(word, WORDS));
  }
}
