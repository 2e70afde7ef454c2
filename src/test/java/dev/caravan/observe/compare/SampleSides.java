package dev.caravan.observe.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** Batches in memory, with seeded noise: two points, some repeats, three metrics. */
final class SampleSides {

  private SampleSides() {}

  /**
   * A batch whose repeats vary by 2 %.
   *
   * @param faster its throughput and speed at concurrency 8, as a multiple
   */
  static ComparedBatch batch(String id, int repeats, double faster) {
    Random random = new Random(id.hashCode());
    List<ComparedRun> runs = new ArrayList<>();
    for (int repeat = 1; repeat <= repeats; repeat++) {
      runs.add(run(4, repeat, 1, random));
      runs.add(run(8, repeat, faster, random));
    }
    return new ComparedBatch(
        id, "/results/" + id, "2026-11-28T12:00:00Z", true, runs.size(), List.of(), runs);
  }

  private static ComparedRun run(int concurrency, int repeat, double faster, Random random) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("output_tokens_per_s", noisy(100.0 * concurrency * faster, random));
    metrics.put("ttft_ms_p50", noisy(20.0 * concurrency / faster, random));
    metrics.put("itl_ms_p50", noisy(10 / faster, random));
    metrics.put("ttft_ms_p99", noisy(40.0 * concurrency / faster, random));
    metrics.put("requests", 200.0);
    metrics.put("isl_avg", 1024.0);
    metrics.put("osl_avg", 256.0);
    return new ComparedRun(
        "",
        "concurrency" + concurrency,
        "concurrency " + concurrency,
        repeat,
        "succeeded",
        "2026-11-28T12:0" + repeat % 10 + ":00Z",
        Map.of(),
        metrics,
        Map.of("model", "m", "benchmark_duration", "60", "concurrency", "" + concurrency),
        Map.of("aiperf", "0.13.0", "cpus", "8"),
        Map.of("host", "bench-1", "url", "http://gpu:8000"));
  }

  private static double noisy(double value, Random random) {
    return value * Math.exp(0.02 * random.nextGaussian());
  }

  static ComparedSide side(ComparedBatch batch) {
    return ComparedSide.of(batch);
  }

  /** The same batch with runs changed. */
  static ComparedBatch with(ComparedBatch batch, UnaryOperator<ComparedRun> change) {
    return new ComparedBatch(
        batch.id(),
        batch.folder(),
        batch.startedAt(),
        batch.finished(),
        batch.planned(),
        batch.variants(),
        batch.runs().stream().map(change).toList());
  }

  static ComparedRun parameter(ComparedRun run, String key, String value) {
    Map<String, String> parameters = new LinkedHashMap<>(run.parameters());
    parameters.put(key, value);
    return copy(run, run.outcome(), run.checks(), run.metrics(), parameters, run.client());
  }

  /** A run of a program that recorded no parameters. */
  static ComparedRun withoutParameters(ComparedRun run) {
    return copy(run, run.outcome(), run.checks(), run.metrics(), Map.of(), run.client());
  }

  static ComparedRun metric(ComparedRun run, String column, double factor) {
    Map<String, Double> metrics = new LinkedHashMap<>(run.metrics());
    metrics.computeIfPresent(column, (name, value) -> factor * value);
    return copy(run, run.outcome(), run.checks(), metrics, run.parameters(), run.client());
  }

  static ComparedRun value(ComparedRun run, String column, double value) {
    Map<String, Double> metrics = new LinkedHashMap<>(run.metrics());
    metrics.put(column, value);
    return copy(run, run.outcome(), run.checks(), metrics, run.parameters(), run.client());
  }

  static ComparedRun found(ComparedRun run, String outcome, Map<String, String> checks) {
    return copy(run, outcome, checks, run.metrics(), run.parameters(), run.client());
  }

  /** A run of a batch with one point. */
  static ComparedRun unnamed(ComparedRun run) {
    return at(run, "");
  }

  /** The same run at another point. */
  static ComparedRun at(ComparedRun run, String point) {
    return new ComparedRun(
        run.variant(),
        point,
        point,
        run.repeat(),
        run.outcome(),
        run.startedAt(),
        run.checks(),
        run.metrics(),
        run.parameters(),
        run.client(),
        run.facts());
  }

  static ComparedRun on(ComparedRun run, Map<String, String> client) {
    return copy(run, run.outcome(), run.checks(), run.metrics(), run.parameters(), client);
  }

  private static ComparedRun copy(
      ComparedRun run,
      String outcome,
      Map<String, String> checks,
      Map<String, Double> metrics,
      Map<String, String> parameters,
      Map<String, String> client) {
    return new ComparedRun(
        run.variant(),
        run.point(),
        run.label(),
        run.repeat(),
        outcome,
        run.startedAt(),
        checks,
        metrics,
        parameters,
        client,
        run.facts());
  }

  static List<ComparedBatch> history(int batches) {
    return IntStream.range(0, batches).mapToObj(n -> batch("nightly/" + n, 5, 1)).toList();
  }
}
