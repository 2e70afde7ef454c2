package dev.caravan.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The metrics that runs of a config can have.
 *
 * @param tokens whether replies of some run are made of tokens
 * @param streams whether replies of some run are streamed
 * @param streamedTokens whether replies of some run are tokens that are streamed
 */
record MeasurableMetrics(boolean tokens, boolean streams, boolean streamedTokens) {

  /** All metrics: nothing is known of the runs. */
  static final MeasurableMetrics ANY = new MeasurableMetrics(true, true, true);

  private static final String STREAMING = "streaming";

  /** Those of a config with these values. */
  static MeasurableMetrics of(GivenMatrix given) {
    // One combination at a time: there may be as many as runs.
    return new MeasurableMetrics(
        anyHas(given, MeasurableMetrics::tokens),
        anyHas(given, MeasurableMetrics::streams),
        anyHas(given, MeasurableMetrics::streamedTokens));
  }

  private static boolean anyHas(GivenMatrix given, Predicate<MeasurableMetrics> metrics) {
    return given.combinations().map(MeasurableMetrics::of).anyMatch(metrics);
  }

  private static MeasurableMetrics of(Map<String, GivenValue> given) {
    List<EndpointType> types = types(given);
    boolean asksForStreams =
        Optional.ofNullable(given.get(STREAMING)).stream()
            .anyMatch(value -> value.values().contains(true));
    return new MeasurableMetrics(
        types.stream().anyMatch(EndpointType::producesTokens),
        asksForStreams && types.stream().anyMatch(EndpointType::streams),
        asksForStreams && types.stream().anyMatch(type -> type.streams() && type.producesTokens()));
  }

  private static List<EndpointType> types(Map<String, GivenValue> given) {
    List<Object> words =
        Optional.ofNullable(given.get(ConfigKeys.ENDPOINT_TYPE))
            .map(GivenValue::values)
            .filter(values -> !values.isEmpty())
            .orElse(List.of(EndpointType.CHAT.word()));
    return words.stream().map(word -> EndpointType.of((String) word)).toList();
  }

  /** Why no run can have the metric of a column; empty if one can. */
  Optional<String> missing(String metric) {
    boolean needsTokens = metric.startsWith("output_tokens") || metric.startsWith("itl_");
    boolean needsStream =
        Stream.of("ttft_", "itl_", "output_tokens_per_s_per_user").anyMatch(metric::startsWith);
    if (needsTokens && !tokens) {
      return Optional.of("no run has it: requires an endpoint_type whose responses are tokens");
    }
    boolean isStreamed = needsTokens ? streamedTokens : streams;
    return needsStream && !isStreamed
        ? Optional.of("no run has it: requires streaming: true")
        : Optional.empty();
  }
}
