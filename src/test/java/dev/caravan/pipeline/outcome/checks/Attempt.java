package dev.caravan.pipeline.outcome.checks;

import dev.caravan.config.Parameters;
import dev.caravan.pipeline.environment.Environment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Builds evidence: an honest run of 400 requests at concurrency 4, unless a test says otherwise.
 */
final class Attempt {

  private final Map<String, Object> parameters = new LinkedHashMap<>();
  private final Map<String, Object> options = new LinkedHashMap<>();
  private final Map<String, Double> statistics = new HashMap<>();
  private final Map<String, Double> sums = new HashMap<>();
  private Evidence.Counts counts = new Evidence.Counts(400, 0, 0, 0, 0);
  private Optional<Requests> requests = Optional.empty();
  private Optional<Evidence.Server> server = Optional.empty();
  private Optional<List<Double>> holdUps = Optional.of(List.of());
  private Optional<Environment> environment = Optional.empty();

  private Map<String, String> earlierPrompts = Map.of();
  private long miscounted;
  private long heldBack;
  private float ttft = Float.NaN;
  private Map<Integer, Long> untold = Map.of();
  private OptionalDouble requested = OptionalDouble.empty();

  Attempt() {
    parameters.put("model", "some/model");
    parameters.put("tokenizer", "some/model");
    parameters.put("streaming", true);
    parameters.put("concurrency", 4L);
    parameters.put("benchmark_duration", 30L);
    parameters.put("prompt_output_tokens_mean", 100L);
    metric("output_sequence_length", 100);
    metric("input_sequence_length", 1_000);
    metric("usage_prompt_tokens", 1_030);
    metric("usage_completion_tokens", 100);
    metric("usage_completion_tokens_diff_pct", 1);
    metric("osl_mismatch_count", 0);
    metric("request_latency", 300);
    metric("time_to_first_token", 40);
    metric("http_req_chunks_received", 100);
    metric("credit_to_start_latency", 2);
    metric("benchmark_duration", 30);
  }

  /** This value so many times. */
  static double[] constant(int count, double value) {
    double[] values = new double[count];
    Arrays.fill(values, value);
    return values;
  }

  static Attempt honest() {
    return new Attempt();
  }

  Attempt parameter(String key, Object value) {
    parameters.put(key, value);
    return this;
  }

  Attempt without(String key) {
    parameters.remove(key);
    return this;
  }

  Attempt option(String key, Object value) {
    options.put(key, value);
    return this;
  }

  /** Mean and median of a metric. */
  Attempt metric(String tag, double value) {
    statistics.put(tag, value);
    return this;
  }

  /** What a metric adds up to over the requests that have it. */
  Attempt sum(String tag, double value) {
    sums.put(tag, value);
    return this;
  }

  /** How long it was measured. */
  Attempt seconds(double seconds) {
    return metric("benchmark_duration", seconds);
  }

  Attempt noMetric(String tag) {
    statistics.remove(tag);
    return this;
  }

  Attempt counts(long succeeded, long failed, long rateLimited, long cancelled) {
    counts = new Evidence.Counts(succeeded, failed, rateLimited, cancelled, 0);
    return this;
  }

  Attempt server(double cachedTokens, double running, double mostRunning, int engines) {
    server =
        Optional.of(
            new Evidence.Server(
                OptionalDouble.of(cachedTokens),
                OptionalDouble.of(running),
                OptionalDouble.of(mostRunning),
                engines,
                OptionalDouble.empty()));
    return this;
  }

  /** A service of which aiperf scraped nothing but the start of its process. */
  Attempt processStart(double seconds) {
    OptionalDouble none = OptionalDouble.empty();
    server = Optional.of(new Evidence.Server(none, none, none, 0, OptionalDouble.of(seconds)));
    return this;
  }

  Attempt holdUps(Double... millis) {
    holdUps = Optional.of(List.of(millis));
    return this;
  }

  Attempt environment(Environment seen) {
    environment = Optional.of(seen);
    return this;
  }

  /** Requests one after another on each connection, with these latencies in ms. */
  Attempt latencies(double... latencies) {
    int connections = ((Long) parameters.get("concurrency")).intValue();
    double[] free = new double[connections];
    long[] starts = new long[latencies.length];
    float[] floats = new float[latencies.length];
    for (int i = 0; i < latencies.length; i++) {
      int next = 0;
      for (int c = 1; c < connections; c++) {
        next = free[c] < free[next] ? c : next;
      }
      starts[i] = (long) (free[next] * 1e6);
      floats[i] = (float) latencies[i];
      free[next] += latencies[i];
    }
    return requests(starts, floats, Map.of(100, (long) latencies.length), latencies.length);
  }

  Attempt requests(long[] starts, float[] latencies, Map<Integer, Long> lengths, long distinct) {
    float[] none = new float[latencies.length];
    Arrays.fill(none, ttft);
    requests =
        Optional.of(
            Requests.of(
                starts,
                latencies,
                none,
                latencies,
                starts.length,
                new ReplyLengths(lengths, miscounted, requested, untold),
                distinct,
                heldBack,
                true));
    counts = new Evidence.Counts(latencies.length, 0, 0, 0, 0);
    return this;
  }

  /** The service counts what was requested for so many of 400 replies, and aiperf does not. */
  Attempt miscounted(long count) {
    miscounted = count;
    return replies(Map.of(100, 400L));
  }

  /** 400 requests of 300 ms with this time to first token, of which so many arrive at once. */
  Attempt heldBack(long count, double millis) {
    heldBack = count;
    ttft = (float) millis;
    return latencies(constant(400, 300));
  }

  /** Replies of these lengths, some of which, by their lengths, end without a usage. */
  Attempt untold(Map<Integer, Long> lengths, Map<Integer, Long> without) {
    untold = without;
    return replies(lengths);
  }

  /** Requests that asked for so many tokens on average, with replies of these lengths. */
  Attempt replies(double requested, Map<Integer, Long> lengths) {
    this.requested = OptionalDouble.of(requested);
    return replies(lengths);
  }

  /** Replies of these lengths, with their numbers. */
  Attempt replies(Map<Integer, Long> lengths) {
    int count = (int) lengths.values().stream().mapToLong(Long::longValue).sum();
    return requests(new long[count], new float[count], lengths, count);
  }

  Evidence evidence() {
    Map<String, Object> values = new LinkedHashMap<>(parameters);
    values.put(Parameters.OPTIONS, options);
    return new Evidence(
        new Workload(new Parameters(values)),
        (tag, statistic) -> {
          Double value = (statistic.equals("sum") ? sums : statistics).get(tag);
          return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
        },
        counts,
        requests,
        server,
        holdUps,
        environment,
        earlierPrompts);
  }

  /** Prompts with this digest were sent by an earlier run. */
  Attempt earlierPrompts(String digest, String run) {
    earlierPrompts = Map.of(digest, run);
    return this;
  }

  /** The findings above notes, as {@code level id}. */
  List<String> alarms() {
    return Checks.examine(evidence(), CheckRules.DEFAULTS).findings().stream()
        .filter(finding -> finding.level() != Level.NOTE)
        .map(finding -> finding.level().value() + " " + finding.id())
        .toList();
  }

  /** The level of the finding of this check, or {@code silent}, or {@code unchecked}. */
  String level(String id) {
    CheckResults results = Checks.examine(evidence(), CheckRules.DEFAULTS);
    return results.unchecked().containsKey(id)
        ? "unchecked"
        : results.findings().stream()
            .filter(finding -> finding.id().equals(id))
            .map(finding -> finding.level().value())
            .findFirst()
            .orElse("silent");
  }
}
