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
  private static final int MAX_ATTEMPTS = 10;

  /** YAML 1.1 reads this key as a boolean unless it is quoted. */
  static final Set<String> LITERAL_KEYS = Set.of(ON);

  private static final List<String> RETRYABLE =
      List.of(
          "crashed",
          "incomplete_export",
          "start_failed",
          Retry.DISTURBED,
          "tokenizer_unavailable",
          "all_requests_failed",
          "timed_out",
          "internal_error");

  private static final String SAME_FAILURE = "would fail the same way";
  private static final String ALWAYS_RETRIED = "is always retried and does not count as an attempt";

  /** Causes and outcomes that cannot be retried on, and why. */
  private static final Map<String, String> NOT_RETRYABLE =
      Map.ofEntries(
          Map.entry("rejected_config", SAME_FAILURE),
          Map.entry("rejected_dataset", SAME_FAILURE),
          Map.entry("unauthorized", SAME_FAILURE),
          Map.entry("model_not_served", SAME_FAILURE),
          Map.entry("endpoint_not_found", SAME_FAILURE),
          Map.entry("invalid", SAME_FAILURE + "; disturbed retries those that were disturbed"),
          Map.entry("hook_failed", "is not retried: let the command of the hook retry"),
          Map.entry("target_lost", ALWAYS_RETRIED),
          Map.entry("lost", ALWAYS_RETRIED),
          Map.entry(
              "unhealthy",
              "has already waited for the service; to wait longer, set readiness.wait"),
          Map.entry("cancelled", "was cancelled on purpose"));

  static final List<ConfigKey> KEYS =
      List.of(
          SectionReader.integerKey(ATTEMPTS, 1, MAX_ATTEMPTS, "Largest number of attempts per run.")
              .withDefault(Retry.DEFAULTS.attempts()),
          ConfigKey.of(
                  ON,
                  ConfigKey.Type.STRING_LIST,
                  "Causes, timed_out, or disturbed, after which a run is retried.")
              .withChoices(RETRYABLE)
              .withDefault(Retry.DEFAULTS.on()),
          SectionReader.durationKey(
                  BACKOFF, "Time before the second attempt, doubled for each further one.")
              .withDefault(Retry.DEFAULTS.backoff()));

  private RetrySection() {}

  /** The rules, with defaults for those that are not set. */
  static Retry read(Mapping section, ValueReader values, Problems problems) {
    SectionReader reader = new SectionReader(section, KEYS, values, problems);
    Retry defaults = Retry.DEFAULTS;
    return new Retry(
        reader.integer(ATTEMPTS).orElse(defaults.attempts()),
        reader
            .node(ON)
            .map(node -> causes(node, section.path(ON), values, problems))
            .orElse(defaults.on()),
        reader.duration(BACKOFF).orElse(defaults.backoff()));
  }

  private static Set<String> causes(Node node, String path, ValueReader values, Problems problems) {
    Map<String, Integer> causes = new LinkedHashMap<>();
    if (!(node instanceof SequenceNode list)) {
      problems.add(node, path, "must be a list, such as [crashed, timed_out]");
      return causes.keySet();
    }
    for (int i = 0; i < list.getValue().size(); i++) {
      Node item = list.getValue().get(i);
      String itemPath = path + "[" + i + "]";
      Optional<String> cause = values.scalar(item, itemPath, "a cause").map(Scalar::raw);
      Optional<String> violation = cause.flatMap(c -> violation(c, causes));
      violation.ifPresent(
          why ->
              problems.add(item, itemPath, DisplayText.quoted(cause.orElseThrow()) + ": " + why));
      if (cause.isPresent() && violation.isEmpty()) {
        causes.put(cause.get(), i);
      }
    }
    return causes.keySet();
  }

  private static Optional<String> violation(String cause, Map<String, Integer> earlier) {
    if (earlier.containsKey(cause)) {
      return Optional.of("duplicate of item [" + earlier.get(cause) + "]");
    }
    if (NOT_RETRYABLE.containsKey(cause)) {
      return Optional.of(NOT_RETRYABLE.get(cause));
    }
    return RETRYABLE.contains(cause)
        ? Optional.empty()
        : Optional.of(
            "must be " + ValueReader.oneOf(RETRYABLE) + NearestName.hint(cause, RETRYABLE));
  }
}
