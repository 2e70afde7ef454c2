package dev.caravan.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The metrics that runs of a config can have: some of them, or every one.
 *
 * @param tokens whether replies of these runs are made of tokens
 * @param streams whether replies of these runs are streamed
 * @param streamedTokens whether replies of these runs are tokens that are streamed
 * @param without what is said of a metric that they lack
 */
record MeasurableMetrics(boolean tokens, boolean streams, boolean streamedTokens, String without) {

  /** All metrics: nothing is known of the runs. */
  static final MeasurableMetrics ANY = new MeasurableMetrics(true, true, true, "");

  private static final String STREAMING = "streaming";

  /** The metrics that some run of a config with these values has. */
  static MeasurableMetrics ofAny(GivenMatrix given) {
    return of(has -> runs(given, false).anyMatch(has), "no run has it: ");
  }

  /** The metrics that every run of a config with these values has. */
  static MeasurableMetrics ofAll(GivenMatrix given) {
    return of(has -> runs(given, true).allMatch(has), "not every run has it: ");
  }

  private static MeasurableMetrics of(
      Predicate<Predicate<MeasurableMetrics>> runs, String without) {
    return new MeasurableMetrics(
        runs.test(MeasurableMetrics::tokens),
        runs.test(MeasurableMetrics::streams),
        runs.test(MeasurableMetrics::streamedTokens),
        without);
  }

  /** One combination at a time: there may be as many as runs. */
  private static Stream<MeasurableMetrics> runs(GivenMatrix given, boolean every) {
    return given.combinations().map(values -> of(values, every));
  }

  private static MeasurableMetrics of(Map<String, GivenValue> given, boolean every) {
    List<EndpointType> types = types(given);
    List<Object> streaming =
        Optional.ofNullable(given.get(STREAMING)).map(GivenValue::values).orElse(List.of());
    boolean asksForStreams = streaming.contains(true) && !(every && streaming.contains(false));
    return new MeasurableMetrics(
        has(types, EndpointType::producesTokens, every),
        asksForStreams && has(types, EndpointType::streams, every),
        asksForStreams && has(types, type -> type.streams() && type.producesTokens(), every),
        "");
  }

  private static boolean has(
      List<EndpointType> types, Predicate<EndpointType> what, boolean every) {
    return every ? types.stream().allMatch(what) : types.stream().anyMatch(what);
  }

  private static List<EndpointType> types(Map<String, GivenValue> given) {
    List<Object> words =
        Optional.ofNullable(given.get(ConfigKeys.ENDPOINT_TYPE))
            .map(GivenValue::values)
            .filter(values -> !values.isEmpty())
            .orElse(List.of(EndpointType.CHAT.word()));
    return words.stream().map(word -> EndpointType.of((String) word)).toList();
  }

  /** Why these runs cannot have the metric of a column; empty if they can. */
  Optional<String> missing(String metric) {
    boolean needsTokens = metric.startsWith("output_tokens") || metric.startsWith("itl_");
    boolean needsStream =
        Stream.of("ttft_", "itl_", "output_tokens_per_s_per_user").anyMatch(metric::startsWith);
    if (needsTokens && !tokens) {
      return Optional.of(without + "requires an endpoint_type whose responses are tokens");
    }
    boolean isStreamed = needsTokens ? streamedTokens : streams;
    return needsStream && !isStreamed
        ? Optional.of(without + "requires streaming: true")
        : Optional.empty();
  }
}
